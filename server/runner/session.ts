import type { Spec } from "#lib/contract/files.ts";
import type { Run } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import type { Agent, Clock, Git, Processes, RunShell } from "#server/ports.ts";
import type { OutputLog } from "./output-log.ts";

/** What the runner needs of the outside. */
export interface RunnerPorts {
  /** The data folder. */
  readonly home: string;
  readonly git: Git;
  readonly processes: Processes;
  readonly runShell: RunShell;
  readonly clock: Clock;
  /** By the name of the CLI, as `spec.agent.cli` has it. */
  readonly agents: Readonly<Record<string, (spec: Spec) => Agent>>;
  /** Our own environment, of which agents get what the allow-list names. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names this boot of the machine. */
  bootId(): string;
  /** The data folder's disk is as good as full. */
  isShortOfRoom(wasShort: boolean): Promise<boolean>;
}

type WithoutTime<Event> = Event extends RunEvent ? Omit<Event, "at"> : never;
/** An event before the journal gives it its time. */
export type Happening = WithoutTime<RunEvent>;

/** One session as an operation sees it. The run moves on with every event that is emitted. */
export interface Session {
  readonly directory: string;
  readonly spec: Spec;
  readonly agent: Agent;
  readonly ports: RunnerPorts;
  readonly log: OutputLog;
  readonly env: Readonly<Record<string, string>>;
  readonly run: Run;
  /** Numbers of steps that this runner has begun, and not yet tried to start the process of. */
  readonly untried: Set<number>;
  /** Aborted when the operation is to end at once; what it was doing is then done again by somebody else, or not at all. */
  readonly signal: AbortSignal;
  /** Makes the event durable, then folds it into the run. Throws where the run cannot take it, or after an abort. */
  emit(event: Happening): Promise<void>;
  /** Tells who watches the runner that nothing can be written, or soon cannot. */
  trouble(text: string): void;
  /** Life was seen: shows in `state.json` before long. */
  touch(): void;
}

/** The worktree of a run that has got past its preparation. */
export function worktreeOf(session: Pick<Session, "run">) {
  const { worktree, base } = session.run;
  if (worktree === null || base === null) throw new Error("The run has no worktree yet.");
  return { worktree, base };
}
