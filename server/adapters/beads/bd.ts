import PQueue from "p-queue";
import { join } from "node:path";
import { WorkSourceError, type Clock, type RunTool, type ToolRun } from "#server/ports.ts";
import { failureOf, kindOf } from "./bd-error.ts";
import { readOutput } from "./bd-output.ts";

export interface BdOptions {
  /** Root of the main checkout; its `.beads` is the workspace. */
  readonly repository: string;
  readonly runTool: RunTool;
  readonly clock: Clock;
  /** Looked up in the `PATH` of `env` when it is no path. */
  readonly bin?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeLimitMs?: number;
  /** Numbers in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

export interface Bd {
  /** The printed payload. The same read asked for again while it waits is one read. */
  read(...args: string[]): Promise<unknown>;
  /** `repeatable` says that doing it twice is doing it once. */
  write(args: readonly string[], order: { actor: string; repeatable: boolean }): Promise<unknown>;
}

const defaultTimeLimitMs = 60_000;
const attempts = 5;
const firstPauseMs = 100;
/** They change limits and shapes of what bd prints. */
const confusing = ["CLAUDE_CODE", "CLAUDECODE", "BD_AGENT_MODE", "BD_JSON_ENVELOPE", "BD_JSON"];

/**
 * The real `bd` of one workspace, one call at a time: its storage has one writer in every era, and
 * parallel readers have starved agents of the lock. Writes go before waiting reads.
 */
export function createBd(options: BdOptions): Bd {
  const { clock, random = Math.random } = options;
  const queue = new PQueue({ concurrency: 1 });
  const waiting = new Map<string, Promise<unknown>>();

  const run = (args: readonly string[], actor?: string) =>
    options.runTool({
      file: options.bin ?? "bd",
      // First, since a command's text may follow a `--`.
      args: actor === undefined ? args : [`--actor=${actor}`, ...args],
      cwd: options.repository,
      env: environment(options, actor),
      timeLimitMs: options.timeLimitMs ?? defaultTimeLimitMs,
    });
  const pause = (attempt: number) =>
    new Promise<void>((resolve) => {
      clock.after(firstPauseMs * 2 ** attempt * (0.5 + random()), resolve);
    });

  /** Lock errors are tried again where that is harmless; "out of sync" says that nothing was done yet. */
  async function persist(args: readonly string[], repeatable: boolean, actor?: string): Promise<unknown> {
    let imported = false;
    for (let attempt = 0; ; attempt++) {
      try {
        return judge(args, await run(["--json", ...args], actor));
      } catch (error) {
        if (!(error instanceof WorkSourceError)) throw error;
        if (error.kind === "out-of-sync" && !imported) {
          imported = true;
          await run(["sync", "--import-only"]);
        } else if (error.kind === "locked" && repeatable && attempt + 1 < attempts) {
          await pause(attempt);
        } else throw error;
      }
    }
  }

  return {
    read(...args) {
      const key = args.join("\0");
      const shared = waiting.get(key);
      if (shared) return shared;
      // Not at once: an idle queue would begin before the read is known as one that waits.
      const read = Promise.resolve().then(() =>
        queue.add(() => {
          // Who asks from now on may know of a change that this read no longer sees.
          waiting.delete(key);
          return persist(args, true);
        }),
      );
      waiting.set(key, read);
      return read;
    },
    write: (args, { actor, repeatable }) =>
      queue.add(() => persist(args, repeatable, oneLine(actor)), { priority: 1 }),
  };
}

/** Exit code 0 is not enough: refusals of older versions print nothing and still exit with 0. */
function judge(args: readonly string[], run: ToolRun): unknown {
  const command = args.slice(0, 2).join(" ");
  if (run.end !== "exited" || run.exit !== 0 || run.stdout.trim() === "") {
    throw failureOf(command, run, printedError(run.stdout));
  }
  try {
    return readOutput(run.stdout);
  } catch (error) {
    if (!(error instanceof WorkSourceError) || error.kind === "bad-output") throw error;
    throw new WorkSourceError(kindOf(error.message), error.message, error.output);
  }
}

function printedError(stdout: string): string {
  try {
    readOutput(stdout);
    return "";
  } catch (error) {
    return error instanceof WorkSourceError && error.kind === "unknown" ? error.message : "";
  }
}

function environment({ repository, env }: BdOptions, actor: string | undefined): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !confusing.includes(name));
  return {
    ...Object.fromEntries(kept),
    BEADS_DIR: join(repository, ".beads"),
    BD_NO_DAEMON: "1",
    BD_NON_INTERACTIVE: "1",
    BD_DISABLE_METRICS: "1",
    DO_NOT_TRACK: "1",
    NO_COLOR: "1",
    ...(actor === undefined ? {} : { BEADS_ACTOR: actor, BD_ACTOR: actor }),
  };
}

function oneLine(actor: string) {
  return actor.replace(/\p{Cc}+/gu, " ").slice(0, 200);
}
