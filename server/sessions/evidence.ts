import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { SessionView } from "#lib/contract/wire.ts";
import { type AgentActivity, activityOf } from "#lib/domain/agent-activity.ts";
import type { AgentEvent } from "#lib/domain/agent-events.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { activeOf } from "#lib/domain/run-state.ts";
import { canBeStale } from "#lib/domain/session.ts";
import { readTail } from "../files/read-tail.ts";
import type { Clock } from "../ports.ts";
import type { RunnerHost, SessionRow } from "./ports.ts";
import { stepDirectory, stepLogBytes } from "./session-files.ts";

export type Evidence = SessionView["evidence"];

export const noEvidence: Evidence = { process: "none", lastByteAt: null, tool: null, derived: null };

/** Silence longer than this makes a working session stale, where the configuration says nothing else. */
export const defaultStaleAfterMs = 60 * 60_000;

/** Whether a process is suspended is looked for only where it has said nothing for so long. */
const quietMs = 10_000;

/** Where a tool call is looked for: a call that began before is still named by its heartbeats. */
const tailBytes = 64 * 1024;
const mostTasks = 20;

/** How we know what we say about a session: its process, its last byte, the tool that it is in. */
export interface Witness {
  look(row: SessionRow, run: Run): Promise<Evidence>;
  forget(session: SessionRow["id"]): void;
}

interface Seen {
  readonly stamp: string;
  readonly tool: Evidence["tool"];
  readonly toolId: string | null;
  readonly retry: Evidence["retry"];
  readonly background: readonly string[];
}

export function createWitness(deps: {
  host: Pick<RunnerHost, "isAlive" | "isStopped">;
  staleAfterMs: number;
  parseLine: (line: string) => readonly AgentEvent[];
  clock: Clock;
}): Witness {
  const { clock } = deps;
  const seen = new Map<string, Seen>();
  /** What the first `steps` steps of a session have printed. */
  const ended = new Map<string, { readonly steps: number; readonly bytes: number }>();

  /** What the end of the stream says that the agent is in; read again only when there is more of it. */
  async function currently(row: SessionRow, path: string, stamp: string, writtenMs: number): Promise<Seen> {
    const known = seen.get(row.id);
    if (known?.stamp === stamp) return known;
    const lines = await readTail(path, tailBytes);
    const { call, retry, background } = activityOf(lines.flatMap((line) => deps.parseLine(line)));
    const since = call && known?.toolId === call.id ? known.tool?.since : undefined;
    const beat = call?.elapsedMs === undefined ? clock.now() : new Date(writtenMs - call.elapsedMs);
    const now: Seen = {
      stamp,
      tool: call && { name: call.name, since: since ?? beat.toISOString() },
      toolId: call?.id ?? null,
      retry: retryView(retry, writtenMs),
      background: background.slice(0, mostTasks),
    };
    seen.set(row.id, now);
    return now;
  }

  /** Steps that have ended print no more, so theirs are counted once. */
  async function printed(row: SessionRow, limitBytes: number, step: number): Promise<Evidence["log"]> {
    let before = ended.get(row.id);
    if (before?.steps !== step - 1) {
      let bytes = 0;
      for (let each = 1; each < step; each++) bytes += await stepLogBytes(row.view.directory, each);
      before = { steps: step - 1, bytes };
      ended.set(row.id, before);
    }
    return { bytes: before.bytes + (await stepLogBytes(row.view.directory, step)), limitBytes };
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
      const isAlive = step?.process ? await deps.host.isAlive(step.process) : null;
      const now =
        isAlive && stream && streamFacts
          ? await currently(row, stream, `${stream}/${streamFacts.size}`, Math.round(streamFacts.mtimeMs))
          : null;
      const quietSince = Math.max(last, Date.parse(since));
      const silentMs = clock.now().getTime() - quietSince;
      const isStale = canBeStale(status) && silentMs > deps.staleAfterMs;
      const isStopped =
        isAlive && step?.process && silentMs > quietMs ? await deps.host.isStopped(step.process) : false;
      const process = isAlive === null ? "none" : !isAlive ? "gone" : isStopped ? "stopped" : "alive";
      return {
        process,
        lastByteAt: last > 0 ? new Date(last).toISOString() : null,
        tool: now?.tool ?? null,
        retry: now?.retry ?? null,
        ...(now && now.background.length > 0 ? { background: [...now.background] } : {}),
        ...(step && row.spec ? { log: await printed(row, row.spec.limits.logBytes, step.number) } : {}),
        derived: process === "gone" ? "unknown" : isStale ? "stale" : null,
      };
    },
    forget(session) {
      seen.delete(session);
      ended.delete(session);
    },
  };
}

function retryView(retry: AgentActivity["retry"], writtenMs: number): Evidence["retry"] {
  if (!retry) return null;
  const { attempt, of, error, delayMs } = retry;
  return { attempt, of, error: error.slice(0, 500), nextAt: new Date(writtenMs + delayMs).toISOString() };
}
