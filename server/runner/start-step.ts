import { randomUUID } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseAgentSessionId } from "#lib/domain/ids.ts";
import type { Due } from "#lib/domain/due.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { crashPoint } from "#server/crash-point.ts";
import { overrunOf } from "./council-limits.ts";
import { pastOf, type Past } from "./past.ts";
import { promptFor } from "./prompts/prompt-for.ts";
import { writeWhole } from "#server/files/write-whole.ts";
import { stepFolder } from "./places.ts";
import { worktreeOf, type Session } from "./session.ts";
import { keepUncommittedBefore } from "./uncommitted-before.ts";

/** Lays out the step's folder and decides that it begins; the process comes with watching it. */
export async function startStep(
  session: Session,
  { number, purpose, delivers }: Extract<Due, { kind: "start-step" }>,
): Promise<void> {
  const { run, spec, ports } = session;
  const { worktree, base } = worktreeOf(session);
  const facts = await stat(join(worktree, ".git")).catch(() => null);
  if (!facts) {
    await session.emit({ kind: "failed", failure: { reason: "worktree-missing", detail: worktree } });
    return;
  }
  if (spec.limits.budgetUsd !== null && run.costUsd >= spec.limits.budgetUsd) {
    const detail = `${run.costUsd.toFixed(2)} of ${spec.limits.budgetUsd.toFixed(2)} US dollars are spent.`;
    await session.emit({ kind: "failed", failure: { reason: "budget-exhausted", detail } });
    return;
  }
  const overrun = overrunOf(run, spec.limits.council, ports.clock.now());
  if (overrun !== null) {
    const { head } = await ports.git.workState(worktree, base);
    await session.emit({ kind: "council-overran", reason: overrun, costUsd: 0, head });
    return;
  }
  const folder = stepFolder(session.directory, number);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beginsAnew = run.agentSession === null && run.steps > 0;
  const past = beginsAnew ? await pastOf(session) : null;
  if (delivers === null) await writeWhole(join(folder, "prompt.md"), promptFor(spec, run, purpose, past));
  await keepUncommittedBefore(session, number);
  const agentSession = run.agentSession ?? parseAgentSessionId(randomUUID());
  if (past) await session.emit({ kind: "warned", text: toldText(number, run, past) });
  crashPoint("step:laid-out");
  await session.emit({ kind: "step-started", step: number, purpose, agentSession, delivers });
  session.untried.add(number);
}

function toldText(step: number, { questions }: Run, { ahead, uncommitted, words }: Past): string {
  const answers = questions.filter(({ status }) => status === "answered").length;
  const told = [
    [ahead, "commit"],
    [uncommitted.length, "changed file"],
    [answers, "answer"],
    [words.length, "message"],
  ] as const;
  const parts = told.flatMap(([count, what]) =>
    count === 0 ? [] : [`${String(count)} ${what}${count === 1 ? "" : "s"}`],
  );
  const summary = parts.length === 0 ? "nothing yet" : parts.join(", ");
  return `The earlier conversation could not go on. Step ${String(step)} begins a new one, which is told what was done: ${summary}.`;
}
