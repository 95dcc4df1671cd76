import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SessionView } from "#lib/contract/wire.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { Run } from "#lib/domain/run.ts";
import { activeOf } from "#lib/domain/run.ts";
import { canBeStale } from "#lib/domain/session.ts";
import type { Clock } from "../ports.ts";
import type { RunnerHost, SessionRow } from "./ports.ts";
import { stepDirectory } from "./session-files.ts";

export type Evidence = SessionView["evidence"];

export const noEvidence: Evidence = { process: "none", lastByteAt: null, tool: null, derived: null };

/** Silence longer than this makes a working session stale. */
export const staleAfterMs = 60 * 60_000;

/** Where a tool call is looked for: a call that began before is still named by its heartbeats. */
const tailBytes = 64 * 1024;

/** How we know what we say about a session: its process, its last byte, the tool that it is in. */
export interface Witness {
  look(row: SessionRow, run: Run): Promise<Evidence>;
  forget(session: SessionRow["id"]): void;
}

interface Seen {
  readonly stamp: string;
  readonly tool: Evidence["tool"];
  readonly toolId: string | null;
}

export function createWitness(deps: {
  isAlive: RunnerHost["isAlive"];
  parseLine: (line: string) => readonly AgentEvent[];
  clock: Clock;
}): Witness {
  const { clock } = deps;
  const seen = new Map<string, Seen>();

  async function currentTool(row: SessionRow, path: string, stamp: string): Promise<Evidence["tool"]> {
    const known = seen.get(row.id);
    if (known?.stamp === stamp) return known.tool;
    const call = openCall((await readTail(path)).flatMap((line) => deps.parseLine(line)));
    const since = call && known?.toolId === call.id ? known.tool?.since : undefined;
    const tool = call && { name: call.name, since: since ?? clock.now().toISOString() };
    seen.set(row.id, { stamp, tool, toolId: call?.id ?? null });
    return tool;
  }

  return {
    async look(row, run) {
      const step = activeOf(run.state)?.step ?? null;
      const { directory, status, since } = row.view;
      const stream = step ? join(stepDirectory(directory, step.number), "stream.jsonl") : null;
      const [streamFacts, logFacts] = await Promise.all([
        stream ? stat(stream).catch(() => null) : null,
        stat(join(directory, "output.log")).catch(() => null),
      ]);
      const last = Math.max(streamFacts?.mtimeMs ?? 0, logFacts?.mtimeMs ?? 0);
      const process = step?.process ? ((await deps.isAlive(step.process)) ? "alive" : "gone") : "none";
      const tool =
        process === "alive" && stream && streamFacts
          ? await currentTool(row, stream, `${stream}/${streamFacts.size}`)
          : null;
      const quietSince = Math.max(last, Date.parse(since));
      const silentMs = clock.now().getTime() - quietSince;
      const isStale = canBeStale(status) && silentMs > staleAfterMs;
      return {
        process,
        lastByteAt: last > 0 ? new Date(last).toISOString() : null,
        tool,
        derived: process === "gone" ? "unknown" : isStale ? "stale" : null,
      };
    },
    forget: (session) => seen.delete(session),
  };
}

/** The last call without a result. */
function openCall(events: readonly AgentEvent[]): { id: string; name: string } | null {
  const open = new Map<string, string>();
  for (const event of events) {
    if (event.kind === "tool") open.set(event.id, event.name);
    else if (event.kind === "tool-result") open.delete(event.id);
    else if (event.kind === "ended") open.clear();
  }
  const last = [...open].at(-1);
  return last ? { id: last[0], name: last[1] } : null;
}

async function readTail(path: string): Promise<string[]> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!file) return [];
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return [];
    const start = Math.max(0, facts.size - tailBytes);
    const bytes = Buffer.alloc(facts.size - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8", 0, bytesRead).split("\n").slice(0, -1);
    return start > 0 ? lines.slice(1) : lines;
  } finally {
    await file.close();
  }
}
