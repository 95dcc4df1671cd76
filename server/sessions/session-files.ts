import { constants } from "node:fs";
import { lstat, mkdir, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { EventLine, InboxEntry, Spec } from "#lib/contract/files.ts";
import { eventLineSchema, gateLogName, inboxFileName, keptEvents } from "#lib/contract/files.ts";
import type { LogRef } from "#lib/contract/wire.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import { jsonText, writeWhole } from "../files/write-whole.ts";
import type { RepositoryRow } from "./ports.ts";

/** More than the events of any run come to; a larger file is not one that a runner wrote. */
const eventsLimitBytes = 256 * 1024 * 1024;

export function instanceDirectory(home: string, repository: Pick<RepositoryRow, "id" | "instance">): string {
  return join(home, "workspaces", repository.id, `instance-${repository.instance}`);
}

export function sessionDirectory(instance: string, session: SessionId): string {
  return join(instance, "isolated-sessions", session);
}

export function stepDirectory(directory: string, step: number): string {
  return join(directory, "steps", String(step).padStart(3, "0"));
}

export function logPath(directory: string, { stream, step }: Omit<LogRef, "session">): string {
  if (stream === "output") return join(directory, "output.log");
  if (stream === "gate") return join(directory, gateLogName(step));
  return join(stepDirectory(directory, step), stream === "stream" ? "stream.jsonl" : "stderr.log");
}

/** What an agent printed in a step: that counts against its session's quota. */
export async function stepLogBytes(directory: string, step: number): Promise<number> {
  const sizes = (["stream", "stderr"] as const).map((stream) =>
    stat(logPath(directory, { stream, step })).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Written once: repeating it writes the same. */
export async function writeSpec(directory: string, spec: Spec): Promise<void> {
  await mkdir(join(directory, "inbox"), { recursive: true, mode: 0o700 });
  await writeWhole(join(directory, "spec.json"), jsonText(spec));
}

export async function writeInbox(directory: string, entry: InboxEntry): Promise<void> {
  await mkdir(join(directory, "inbox"), { recursive: true, mode: 0o700 });
  await writeWhole(join(directory, "inbox", inboxFileName(entry)), jsonText(entry));
}

/** Writes the entry once more unless it is there as it was written. */
export async function mendInbox(directory: string, entry: InboxEntry): Promise<void> {
  const path = join(directory, "inbox", inboxFileName(entry));
  const text = jsonText(entry);
  const facts = await lstat(path).catch(() => null);
  const isLike = facts?.isFile() === true && facts.size === Buffer.byteLength(text);
  if (isLike && (await readFile(path, "utf8").catch(() => null)) === text) return;
  await writeInbox(directory, entry);
}

/** For a runner that finds less in `events.jsonl` than we have taken in. */
export async function writeKeptEvents(directory: string, lines: readonly EventLine[]): Promise<void> {
  await writeWhole(
    join(directory, keptEvents),
    lines.map(({ seq, event }) => `${JSON.stringify({ seq, event })}\n`).join(""),
  );
}

export interface EventsRead {
  readonly lines: readonly EventLine[];
  /** Where to read on: the end of the last whole line that was believed. */
  readonly next: number;
  /** Why the rest is not believed; null when there is none. */
  readonly damage: string | null;
}

/**
 * The lines of `events.jsonl` from byte `offset`, whose first number has to be `seq`. A last line
 * without its end is still being written and is left for later.
 */
export async function readEvents(directory: string, offset: number, seq: number): Promise<EventsRead> {
  const nothing = { lines: [], next: offset, damage: null };
  const file = await open(
    join(directory, "events.jsonl"),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP") return null;
    throw error;
  });
  if (!file) return { ...nothing, damage: seq > 1 ? "events.jsonl is gone" : null };
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return { ...nothing, damage: "events.jsonl is not a file" };
    if (facts.size > eventsLimitBytes) return { ...nothing, damage: "events.jsonl is too large" };
    // Shorter than before: the runner cut off a torn end, or somebody replaced it.
    if (facts.size < offset) return { ...nothing, damage: "events.jsonl has become shorter" };
    const bytes = Buffer.alloc(facts.size - offset);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return parseEvents(bytes.subarray(0, bytesRead), offset, seq);
  } finally {
    await file.close();
  }
}

function parseEvents(bytes: Buffer, offset: number, seq: number): EventsRead {
  const lines: EventLine[] = [];
  let at = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
    const line = parseLine(bytes.toString("utf8", at, end));
    if (line?.seq !== seq + lines.length) {
      const damage = `events.jsonl cannot be believed from event ${seq + lines.length} on`;
      return { lines, next: offset + at, damage };
    }
    lines.push(line);
    at = end + 1;
  }
  return { lines, next: offset + at, damage: null };
}

function parseLine(text: string): EventLine | null {
  try {
    return eventLineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The summary as the runner wrote it, cut at 200,000 characters; null where there is none. */
export async function readSummary(directory: string): Promise<string | null> {
  const path = join(directory, "summary.md");
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile() || facts.size > 1_000_000) return null;
  return (await readFile(path, "utf8")).slice(0, 200_000);
}

/** `review.json` as it lies there, whoever wrote it; null where there is none, empty where it is no plain file. */
export async function readReviewFile(directory: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(directory, "review.json"), flags).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    if (code === "ELOOP") return "";
    throw error;
  });
  if (file === null || file === "") return file;
  try {
    const facts = await file.stat();
    return facts.isFile() && facts.size <= 64 << 20 ? await file.readFile("utf8") : "";
  } finally {
    await file.close();
  }
}
