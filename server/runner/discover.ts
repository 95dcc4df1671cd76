import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { stateSchema } from "#lib/contract/files.ts";
import { isRepositoryId, isSessionId } from "#lib/domain/ids.ts";
import type { RunEventKind } from "#lib/domain/run-event.ts";
import { readTail } from "#server/files/read-tail.ts";
import { mailNumber } from "./inbox.ts";
import { readWhole } from "./safe-file.ts";

/** Absolute paths of all session directories of a data folder. */
export async function sessionDirectories(home: string): Promise<string[]> {
  const workspaces = join(home, "workspaces");
  const found: string[] = [];
  for (const repository of await names(workspaces)) {
    for (const instance of await names(join(workspaces, repository))) {
      const folder = join(workspaces, repository, instance, "isolated-sessions");
      for (const session of await names(folder)) {
        const directory = join(folder, session);
        if (isSessionDirectory(home, directory)) found.push(directory);
      }
    }
  }
  return found;
}

/** The only places that a ring may send us to. */
export function isSessionDirectory(home: string, directory: string): boolean {
  const [workspaces, repository = "", instance = "", sessions, session = "", ...rest] = relative(
    home,
    directory,
  ).split(sep);
  return (
    workspaces === "workspaces" &&
    isRepositoryId(repository) &&
    /^instance-[0-9a-f-]{36}$/.test(instance) &&
    sessions === "isolated-sessions" &&
    isSessionId(session) &&
    rest.length === 0
  );
}

/** No link on the way: `realpath` of a session directory is itself. */
export async function isUnlinked(home: string, directory: string): Promise<boolean> {
  const [root, real] = await Promise.all([realpath(home), realpath(directory).catch(() => null)]);
  return real !== null && relative(root, real) === relative(home, directory);
}

const atRest = new Set(["approved", "rejected", "failed", "stopped", "interrupted"]);
/** After these a run goes on, whatever `state.json` may say: anybody can write that. */
const goesOn = new Set<string>([
  "prepared",
  "step-started",
  "step-spawned",
  "step-finished",
  "step-asked",
  "asked",
  "left-uncommitted",
  "completed",
  "council-opened",
  "part-held",
  "part-failed",
  "council-overran",
  "rework-started",
  "base-merged",
  "resumed",
] satisfies RunEventKind[]);

/**
 * How long ago a session came to rest, about which nothing has been written since, so that it need not
 * be opened; null for all others. Cheap, since there may be very many of them.
 */
export async function restedForMs(directory: string, now: Date): Promise<number | null> {
  const path = join(directory, "state.json");
  try {
    const text = await readWhole(path, 1 << 20);
    if (text === null) return null;
    const state = stateSchema.parse(JSON.parse(text));
    if (!atRest.has(state.status)) return null;
    const last = await lastEvent(directory);
    if (last?.seq !== state.seq || goesOn.has(last.kind)) return null;
    if ((await names(join(directory, "inbox"))).some((name) => mailNumber(name) > state.handled)) return null;
    return now.getTime() - (await stat(path)).mtimeMs;
  } catch {
    // Whatever is wrong with it, opening the session repairs it.
    return null;
  }
}

/** From the end of the journal; null where its last line is torn or very long. */
async function lastEvent(directory: string): Promise<{ seq: number; kind: string } | null> {
  const lines = await readTail(join(directory, "events.jsonl"), 128 << 10);
  const [, seq, kind] =
    /^\{"seq":(\d+),"event":\{"at":"[^"]*","kind":"([a-z-]+)"/.exec(lines.at(-1) ?? "") ?? [];
  return seq === undefined || kind === undefined ? null : { seq: Number(seq), kind };
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
