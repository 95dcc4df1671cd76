import { join } from "node:path";
import type { AgentActivity } from "#lib/domain/agent-activity.ts";
import { bytesText } from "#lib/domain/bytes-text.ts";
import type { LiveStep, Purpose } from "#lib/domain/run-state.ts";
import { crashPoint } from "#server/crash-point.ts";
import type { StepOutcome } from "#server/ports.ts";
import { overrunOf } from "./council-limits.ts";
import { durationText } from "./duration-text.ts";
import { followStep, hasWorktree, type Followed } from "./follow-step.ts";
import { stepFolder, stepMarker } from "./places.ts";
import { reportStep } from "./report-step.ts";
import { worktreeOf, type Session } from "./session.ts";
import { findOrSpawn } from "./spawn-step.ts";
import { judgedOrder } from "./step-order.ts";

const sweepGraceMs = 1_000;

/** Sees one step to its end: starts its process unless that has happened, follows it, judges what it came to. */
export async function watchStep(session: Session, step: LiveStep, purpose: Purpose): Promise<void> {
  const { ports, spec } = session;
  const folder = stepFolder(session.directory, step.number);
  const exitFile = join(folder, "exit");
  const identity = step.process ?? (await findOrSpawn(session, step, purpose));
  if (identity === "missing") return;
  if (identity && identity.bootId !== ports.bootId() && !(await ports.processes.readEnd(exitFile))) {
    await session.emit({ kind: "interrupted", why: "The machine was restarted." });
    return;
  }
  const followed = identity ? await followStep(session, step.number, identity) : null;
  session.signal.throwIfAborted();
  const marker = stepMarker(spec, step.number);
  await ports.processes.endTree(identity, marker, { graceMs: sweepGraceMs });
  session.signal.throwIfAborted();
  crashPoint("step:ended");
  const end = await ports.processes.readEnd(exitFile);
  const outcome = await session.agent.judge(judgedOrder(session, step.number, purpose), end);
  crashPoint("step:judged");
  if (!(await hasWorktree(session))) {
    await endWithoutWorktree(session, step, outcome);
    return;
  }
  if (await endOverrun(session, outcome)) return;
  if (followed) await warnOfEnd(session, step.number, followed);
  await reportStep(session, step, purpose, followed ? cutShort(session, followed, outcome) : outcome);
}

/** An end that was not as it should be is told, whatever the step came to. */
async function warnOfEnd(session: Session, step: number, { cut, activity }: Followed) {
  const { ended, background } = activity;
  const texts = [
    ...(background.length > 0
      ? [
          `The agent of step ${step} ended with work in the background, which ended too: ${background.join(", ")}`,
        ]
      : []),
    ...(ended && (cut === "lingering" || cut === "silent")
      ? [`The agent of step ${step} had come to its result and did not leave; it was ended.`]
      : []),
  ];
  for (const text of texts) await session.emit({ kind: "warned", text: text.slice(0, 2000) });
}

/** What an agent came to that had to be ended. A result that it had come to by then stands. */
function cutShort({ spec }: Session, { cut, activity }: Followed, outcome: StepOutcome): StepOutcome {
  const { costUsd } = outcome;
  if (cut === "flood") {
    const failure = {
      reason: "log-flood",
      detail: `It printed more than ${bytesText(spec.limits.logBytes)} (limits.logMegabytes). What it printed is kept.`,
    } as const;
    return { kind: "failed", failure, costUsd, agentSessionLost: false };
  }
  if (cut !== "silent" || outcome.kind !== "failed") return outcome;
  const detail = `It printed nothing for ${durationText(spec.limits.silentMs ?? 0)}. ${whereItWas(activity)}`;
  return { kind: "failed", failure: { reason: "agent-hung", detail }, costUsd, agentSessionLost: false };
}

function whereItWas({ call, retry }: AgentActivity): string {
  if (call) return `It was in ${call.name.slice(0, 200)}.`;
  if (retry)
    return `It waited for its service: ${retry.error.slice(0, 500)}, attempt ${retry.attempt} of ${retry.of}.`;
  return "It was in no tool.";
}

/** Somebody took the worktree away while the agent worked in it: what was committed is still there, and is kept. */
async function endWithoutWorktree(session: Session, { number: step }: LiveStep, outcome: StepOutcome) {
  const { spec, ports } = session;
  const { root } = spec.repository;
  const head = await ports.git.resolve(root, `refs/heads/${spec.branch}`);
  const ref = head && (await ports.git.archive(root, spec.session, head, "its worktree was removed"));
  const kept = ref ? `What was committed is kept at ${ref}.` : "Its branch is gone too.";
  const detail = `${spec.worktree} was removed while the agent worked in it. ${kept}`;
  await session.emit({
    kind: "step-failed",
    step,
    costUsd: outcome.costUsd,
    failure: { reason: "worktree-missing", detail },
    agentSessionLost: false,
  });
}

/** A council's step that its limits cut short, or that used up its money, is no failure of the session: there is no verdict. */
async function endOverrun(session: Session, outcome: StepOutcome): Promise<boolean> {
  const { run, spec, ports } = session;
  const isCut = outcome.kind === "failed";
  const reason = isCut ? overrunOf(run, spec.limits.council, ports.clock.now(), outcome.costUsd) : null;
  if (reason === null) return false;
  const { worktree, base } = worktreeOf(session);
  const { head } = await ports.git.workState(worktree, base);
  await session.emit({ kind: "council-overran", reason, costUsd: outcome.costUsd, head });
  return true;
}
