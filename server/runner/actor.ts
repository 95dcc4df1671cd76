import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { InboxEntry, Spec } from "#lib/contract/files.ts";
import { activeOf, isAlive } from "#lib/domain/run-state.ts";
import { due, type Due } from "#lib/domain/due.ts";
import { crashPoint } from "#server/crash-point.ts";
import { storageFaultOf } from "#server/files/storage-error.ts";
import type { Agent } from "#server/ports.ts";
import { createBell } from "./bell.ts";
import { decide } from "./decide.ts";
import { environmentFor } from "./environment.ts";
import { hasGap, nextMail } from "./inbox.ts";
import { perform } from "./perform.ts";
import { openRecord, RefusedEventError, type Appended } from "./record.ts";
import { commandMarker, stepMarker } from "./places.ts";
import { openSharedFiles } from "./shared-files.ts";
import type { Happening, RunnerPorts, Session } from "./session.ts";

/** Should the system's word of a change, and the server's ring, be lost. */
const lookAgainMs = 5_000;
const attempts = 3;
const retryMs = 500;
const stopGraceMs = 5_000;

/** Everything that happens in one session, one thing after the other. */
export interface Actor {
  /** Something new may be in the session's directory. */
  ring(): void;
  /** Nothing lives and nothing is due until somebody decides something. */
  readonly isIdle: boolean;
  /** Lets go of the session at once; its agent lives on. */
  leave(): Promise<void>;
  /** Resolves when the session is at rest, or was left. */
  readonly over: Promise<void>;
}

interface Operation {
  readonly key: string;
  readonly stop: AbortController;
  /** Resolves to what went wrong, or null. Never rejects. */
  readonly done: Promise<unknown>;
  isOver: boolean;
}

export async function openActor(order: {
  readonly directory: string;
  readonly spec: Spec;
  readonly agent: Agent;
  readonly ports: RunnerPorts;
  readonly appended: Appended;
  /** It has become idle, or is so no more. */
  readonly idled: () => void;
  /** Nothing can be written; it is tried again until that works. */
  readonly troubled: (text: string) => void;
}): Promise<Actor> {
  const { directory, spec, agent, ports } = order;
  for (const folder of ["inbox", "asks", "steps"]) {
    await mkdir(join(directory, folder), { recursive: true, mode: 0o700 });
  }
  const record = await openRecord({ directory, spec, agent, clock: ports.clock, appended: order.appended });
  const env = environmentFor(spec, directory, ports.environment);
  const bell = createBell();
  const left = new AbortController();
  const stamp = () => ports.clock.now().toISOString();
  let operation: Operation | null = null;
  const shared = openSharedFiles({
    directory,
    spec,
    agent,
    ports,
    record,
    changed: () => bell.ring(),
    isConcluding: () => operation?.key.startsWith("conclude") === true,
  });
  const untried = new Set<number>();
  let isIdle = false;
  let gapSince: number | null = null;
  let failures: { key: string; count: number } = { key: "", count: 0 };

  const begin = (next: Due): Operation => {
    const stop = new AbortController();
    const session: Session = {
      directory,
      spec,
      agent,
      ports,
      env,
      log: record.log,
      untried,
      get run() {
        return record.run;
      },
      signal: stop.signal,
      async emit(happening) {
        stop.signal.throwIfAborted();
        await record.append(happening);
      },
      touch: () => record.touch(),
      trouble: (text) => order.troubled(`${spec.session}: ${text}`),
    };
    const begun: Operation = {
      key: `${next.kind}:${record.run.steps}`,
      stop,
      isOver: false,
      done: perform(session, next)
        .then(
          () => null,
          (error: unknown) => error ?? new Error("unknown"),
        )
        .finally(() => {
          begun.isOver = true;
        }),
    };
    return begun;
  };

  const halt = async () => {
    operation?.stop.abort();
    await operation?.done;
    operation = null;
  };

  /** What the session started: the agent of its open step, and commands. */
  const endProcesses = async () => {
    const step = activeOf(record.run.state)?.step;
    if (step) {
      await ports.processes.endTree(step.process, stepMarker(spec, step.number), { graceMs: stopGraceMs });
    }
    await ports.processes.endTree(null, commandMarker(spec), { graceMs: 0 });
  };

  const stopFor = async (entry: Extract<InboxEntry, { kind: "stop" }>) => {
    await halt();
    await endProcesses();
    crashPoint("stop:ended");
    await archive();
    crashPoint("stop:archived");
    const by = entry.reason === "" ? entry.by : `${entry.by} (${entry.reason})`;
    const { discard, number: inbox } = entry;
    await take(inbox, { kind: "stopped", by: by.slice(0, 200), discard, inbox });
  };

  /** Whatever becomes of the worktree, the work stays findable, uncommitted files included. */
  const archive = async () => {
    const { worktree, base } = record.run;
    if (worktree === null || base === null) return;
    try {
      const message = `Keep ${spec.item.id} as it was when ${spec.session} was stopped`;
      const kept = await ports.git.snapshot(worktree, message, spec.identity);
      const head = kept?.commit ?? (await ports.git.workState(worktree, base)).head;
      await ports.git.archive(spec.repository.root, spec.session, head, "stopped");
    } catch (error) {
      await record.append({ kind: "warned", text: `The work could not be archived: ${textOf(error)}` });
    }
  };

  /** What the run refuses is handled all the same, with the reason. */
  const take = async (inbox: number, happening: Happening) => {
    try {
      await record.append(happening);
    } catch (error) {
      if (!(error instanceof RefusedEventError)) throw error;
      await record.append({ kind: "handled", inbox, outcome: error.message.slice(0, 2000) });
    }
  };

  const takeMail = async () => {
    if (!(await hasGap(directory, record.run.handled))) gapSince = null;
    else gapSince ??= ports.clock.now().getTime();
    const skipGap = gapSince !== null && ports.clock.now().getTime() - gapSince >= lookAgainMs;
    for (;;) {
      const mail = await nextMail(directory, record.run.handled, { skipGap, stamp: stamp() });
      if (!mail) return;
      const number = mail.kind === "entry" ? mail.entry.number : mail.number;
      const missing = record.run.handled + 1;
      if (missing < number) {
        const which = missing + 1 < number ? `Entries ${missing} to ${number - 1}` : `Entry ${missing}`;
        await lose(number - 1, `${which} of the inbox: not there.`);
      }
      if (mail.kind === "unreadable") await lose(number, mail.why);
      else if (mail.entry.kind === "stop") {
        await stopFor(mail.entry);
      } else {
        await take(mail.entry.number, await decided(mail.entry));
      }
    }
  };

  /** Whoever sent it reads of it in the events, and sends it again. */
  const lose = async (inbox: number, why: string) => {
    await record.append({ kind: "handled", inbox, outcome: why, lost: true });
    await record.append({ kind: "warned", text: why });
  };

  const decided = async (entry: Exclude<InboxEntry, { kind: "stop" }>): Promise<Happening> => {
    try {
      return await decide(record.run, spec, entry, ports.git);
    } catch (error) {
      return { kind: "handled", inbox: entry.number, outcome: textOf(error) };
    }
  };

  /** Tries again a few times; then the session has failed and says why. */
  const giveUp = async (key: string, error: unknown) => {
    // No fault of the session's: its agent goes on, and so does it once there is room again.
    if (isStorageFault(error)) return pause(retryMs * 4);
    failures = failures.key === key ? { key, count: failures.count + 1 } : { key, count: 1 };
    if (failures.count < attempts) {
      await pause(retryMs * 2 ** failures.count);
      return;
    }
    failures = { key: "", count: 0 };
    if (!isAlive(record.run.state)) return;
    await endProcesses();
    await record.append({ kind: "failed", failure: { reason: "internal", detail: textOf(error) } });
  };

  const isStorageFault = (error: unknown) => {
    if (storageFaultOf(error) === null) return false;
    order.troubled(`${spec.session}: ${textOf(error)}`);
    return true;
  };

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        takeBack();
        left.signal.removeEventListener("abort", end);
        resolve();
      };
      const takeBack = ports.clock.after(ms, end);
      left.signal.addEventListener("abort", end);
    });

  const setIdle = (idle: boolean) => {
    if (isIdle === idle) return;
    isIdle = idle;
    order.idled();
  };

  /** One turn: false when the session is at rest and there is no more to do. */
  const turn = async (): Promise<boolean> => {
    bell.clear();
    await takeMail();
    await shared.look();
    const next = due(record.run, spec.limits);
    if (!operation && (next.kind === "nothing" || next.kind === "wait")) {
      await record.settle();
      if (record.run.state.status !== "waiting" && gapSince === null) return false;
      setIdle(true);
      await Promise.race([bell.rung(), pauseUntilLook()]);
      return true;
    }
    setIdle(false);
    operation ??= begin(next);
    const { key } = operation;
    await Promise.race([operation.done, bell.rung(), pauseUntilLook()]);
    if (operation.isOver) {
      const error = await operation.done;
      operation = null;
      if (error !== null) await giveUp(key, error);
    }
    return true;
  };

  let takeLookBack: () => void = () => {};
  const pauseUntilLook = () =>
    new Promise<void>((resolve) => {
      takeLookBack();
      takeLookBack = ports.clock.after(lookAgainMs, resolve);
    });

  /** What others wrote into our files while nobody watched is taken in before they are written anew. */
  const lookFirst = async () => {
    try {
      await shared.look();
    } catch (error) {
      // Nothing can be written for now, most likely; with their next change they are looked at again.
      if (!isStorageFault(error)) console.error(`${spec.session}: ${textOf(error)}`);
    }
    record.release();
  };

  const live = async () => {
    await lookFirst();
    // Commands of an earlier runner are nobody's any more and would disturb their own repetition.
    if (record.seq > 0 && isAlive(record.run.state))
      await ports.processes.endTree(null, commandMarker(spec), { graceMs: 0 });
    while (!left.signal.aborted) {
      try {
        if (!(await turn())) break;
      } catch (error) {
        // A full disk, most likely: nothing is lost, and it is tried again until it works.
        if (!isStorageFault(error)) console.error(`${spec.session}: ${textOf(error)}`);
        await pause(retryMs * 4);
      }
    }
    setIdle(true);
    takeLookBack();
    shared.close();
    await halt();
    await record.close();
  };

  const over = live();
  return {
    ring: () => bell.ring(),
    get isIdle() {
      return isIdle;
    },
    async leave() {
      left.abort();
      bell.ring();
      operation?.stop.abort();
      await over;
    },
    over,
  };
}

function textOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 2000);
}
