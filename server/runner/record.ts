import type { EventLine, Spec } from "#lib/contract/files.ts";
import { replay, transition } from "#lib/domain/run.ts";
import type { Run } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { crashPoint } from "#server/crash-point.ts";
import type { Agent, Clock } from "#server/ports.ts";
import { openJournal } from "./journal.ts";
import { openOutputLog, type OutputLog } from "./output-log.ts";
import { mendProjected, projectedFiles, type ProjectedFile } from "./projected-files.ts";
import { createProjections } from "./projections.ts";
import type { Happening } from "./session.ts";

/** The run cannot take an event now; `message` says why. */
export class RefusedEventError extends Error {
  override readonly name = "RefusedEventError";
}

/** One session's run on disk and in memory: the journal first, then everything that follows from it. */
export interface Record {
  readonly run: Run;
  readonly seq: number;
  readonly log: OutputLog;
  /** Durable when it resolves; throws {@link RefusedEventError}, and then nothing has happened. */
  append(happening: Happening): Promise<void>;
  /** Life was seen; `state.json` shows it within seconds. */
  touch(): void;
  /** Somebody else wrote into it: it is written anew with the next projection. */
  rewrite(name: "questions.json" | "review.json" | ProjectedFile): void;
  /** Others may have written into our files while nobody watched: those are left alone until this is called. */
  release(): void;
  /** Resolves when all files show the run as it stands. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Called with every event once it is durable, before anything follows from it. */
export type Appended = (line: EventLine) => void | Promise<void>;

const touchDelayMs = 3_000;

export async function openRecord(order: {
  readonly directory: string;
  readonly spec: Spec;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly appended: Appended;
}): Promise<Record> {
  const { directory, spec, clock } = order;
  const stamp = () => clock.now().toISOString();
  const { journal, lines, repairs } = await openJournal(directory, stamp());
  const history = replay(
    lines.map(({ event }) => event),
    spec.limits,
  );
  let { run } = history;
  const log = await openOutputLog(directory, order.agent, stamp());
  const projections = createProjections(directory, spec);
  let lastActivityAt = lines.at(-1)?.event.at ?? spec.createdAt;
  const unshown: EventLine[] = [...lines];
  let takeTouchBack: (() => void) | null = null;
  let tail: Promise<unknown> = Promise.resolve();

  const show = async () => {
    for (let line = unshown[0]; line; line = unshown[0]) {
      await log.show(line);
      if (unshown[0] === line) unshown.shift();
    }
  };
  // `state.json` is the last word on a session at rest, so the log must have had its own before.
  const project = async () => {
    await show();
    await projections.write(run, { seq: journal.seq, lastActivityAt });
    crashPoint("state:shown");
  };
  const append = async (happening: Happening) => {
    const flaw = await journal.mend(stamp());
    if (flaw !== null) await write({ kind: "warned", text: flaw });
    await write(happening);
  };
  const write = async (happening: Happening) => {
    const event = { at: stamp(), ...happening } as RunEvent;
    const outcome = transition(run, event, spec.limits);
    if ("rejected" in outcome) throw new RefusedEventError(outcome.rejected);
    const seq = await journal.append(event);
    crashPoint("event:durable");
    run = outcome.run;
    lastActivityAt = event.at;
    unshown.push({ seq, event });
    await order.appended({ seq, event });
    // People's files follow; a full disk must not undo what has happened, and the next event tries again.
    void project().catch(() => undefined);
  };
  const queued = (happening: Happening) => {
    const result = tail.then(() => append(happening));
    tail = result.catch(() => undefined);
    return result;
  };

  await show();
  for (const name of projectedFiles) {
    const found = await mendProjected(directory, name, () => ({ spec, run, seq: journal.seq }), stamp());
    if (found) await queued(found);
  }
  for (const text of [
    ...repairs,
    ...log.repairs,
    ...history.refused.map((why) => `Left out of the history: ${why}`),
  ]) {
    await queued({ kind: "warned", text });
  }
  void project().catch(() => undefined);
  return {
    get run() {
      return run;
    },
    get seq() {
      return journal.seq;
    },
    log,
    append: queued,
    touch() {
      lastActivityAt = stamp();
      takeTouchBack ??= clock.after(touchDelayMs, () => {
        takeTouchBack = null;
        void project().catch(() => undefined);
      });
    },
    release: () => projections.release(),
    rewrite: (name) => projections.forget(name),
    async settle() {
      await tail;
      await project();
    },
    async close() {
      takeTouchBack?.();
      await tail;
      await project().catch(() => undefined);
      await log.close();
      await journal.close();
    },
  };
}
