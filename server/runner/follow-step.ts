import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type AgentActivity, createActivity } from "#lib/domain/agent-activity.ts";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import { restOfCouncil } from "./council-limits.ts";
import { createBreath } from "./hold-breath.ts";
import { stepFolder } from "./places.ts";
import { lastEvents } from "./scene.ts";
import { worktreeOf, type Session } from "./session.ts";
import { createVigil } from "./vigil.ts";

/** Should the system's word of a change be lost. */
const lookAgainMs = 2_000;

/** Why the agent has to be ended: it printed too much, nothing for too long, or did not leave after its result. */
export type Cut = "flood" | "silent" | "lingering" | "overrun" | "no-worktree";

/** What was seen of an agent until its process was gone, or until it has to be ended for `cut`. */
export interface Followed {
  readonly cut: Cut | null;
  readonly activity: AgentActivity;
}

/** Follows an agent's output while its process lives. */
export async function followStep(
  session: Session,
  step: number,
  identity: ProcessIdentity,
): Promise<Followed> {
  const { ports, spec, log, signal } = session;
  const { clock } = ports;
  const folder = stepFolder(session.directory, step);
  /** What earlier steps printed, and what this one took away again: both count. */
  let before = await logBytes(session, step - 1);
  let bytes = 0;
  const activity = createActivity();
  // What an earlier runner saw is not seen again.
  for (const event of await lastEvents(session, step)) activity.take(event);
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  let cut: Cut | null = null;
  const end = (why: Cut) => {
    cut ??= why;
    stop.abort();
  };
  const rest = restOfCouncil(session.run, spec.limits.council);
  const takeLimitBack = rest
    ? clock.after(Math.max(0, rest.endsAt - clock.now().getTime()), () => end("overrun"))
    : null;
  let wake = () => {};
  const watcher = watch(folder, () => wake());
  watcher.on("error", () => watcher.close());

  const breath = await createBreath(session, step, identity);
  const keepVigil = createVigil(spec.limits.silentMs, clock.now());
  const judge = async () => {
    await breath.look();
    bytes = await stepBytes(folder);
    const isWaiting = breath.isHeld() || session.run.state.status === "waiting";
    const hung = keepVigil({ now: clock.now(), bytes, isWaiting, activity: activity.now() });
    if (before + bytes > spec.limits.logBytes) end("flood");
    else if (hung !== null) end(hung);
    if (!(await hasWorktree(session))) end("no-worktree");
  };
  const pump = async () => {
    while (!until.aborted) {
      const rung = new Promise<void>((resolve) => (wake = resolve));
      const read = await log.follow(step, (event) => activity.take(event));
      if (read.isCut) {
        before += bytes;
        await session.emit({
          kind: "warned",
          text: `The agent of step ${step} cut or removed its own stream.`,
        });
      }
      if (read.bytes > 0) session.touch();
      await judge();
      if (read.bytes > 0) continue;
      const takeBack = clock.after(lookAgainMs, () => wake());
      await rung;
      takeBack();
    }
  };
  let problem = null as Error | null;
  // A full disk, most likely; the step is followed again once it can be written.
  const pumping = pump().catch((error: unknown) => {
    problem = error instanceof Error ? error : new Error(String(error));
    stop.abort();
  });
  try {
    await ports.processes.gone(identity, until).catch((error: unknown) => {
      if (!until.aborted) throw error;
    });
  } finally {
    stop.abort();
    wake();
    takeLimitBack?.();
    watcher.close();
    await pumping;
  }
  if (problem !== null) throw problem;
  // What it said last may have come after the last look.
  if (!signal.aborted) await log.follow(step, (event) => activity.take(event));
  return { cut, activity: activity.now() };
}

export function hasWorktree(session: Session): Promise<boolean> {
  return stat(join(worktreeOf(session).worktree, ".git")).then(
    () => true,
    () => false,
  );
}

/** What `stream.jsonl` and `stderr.log` of the first `steps` steps hold. */
async function logBytes(session: Session, steps: number): Promise<number> {
  let total = 0;
  for (let step = 1; step <= steps; step++) total += await stepBytes(stepFolder(session.directory, step));
  return total;
}

async function stepBytes(folder: string): Promise<number> {
  const sizes = ["stream.jsonl", "stderr.log"].map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
