import { restOfCouncil } from "./council-limits.ts";
import { choicesOf, type LiveStep, type Purpose } from "#lib/domain/run-state.ts";
import type { StepOrder } from "#server/ports.ts";
import { join } from "node:path";
import { schemaFor, rolesFor } from "./prompts/council.ts";
import { readWhole } from "./safe-file.ts";
import { stepFolder } from "./places.ts";
import { worktreeOf, type Session } from "./session.ts";

/** What judging a step needs to know of its order; the same before and after a restart. */
export function judgedOrder(session: Session, step: number, purpose: Purpose) {
  const stepDir = stepFolder(session.directory, step);
  if (purpose.phase === "implementation") return { stepDir, roles: [], schema: null };
  const roles = rolesFor(session.spec, session.run, purpose.part);
  return { stepDir, roles, schema: schemaFor(purpose.part) };
}

/** The step as the agent's adapter is to prepare it. */
export async function orderOf(session: Session, step: LiveStep, purpose: Purpose): Promise<StepOrder> {
  const { run, spec } = session;
  const { worktree } = worktreeOf(session);
  if (run.agentSession === null) throw new Error("The step has no conversation.");
  const judged = judgedOrder(session, step.number, purpose);
  const prompt = await readWhole(join(judged.stepDir, "prompt.md"), 4 << 20);
  const answer = answerOf(session, step);
  if (prompt === null && answer === null) throw new Error(`The prompt of step ${step.number} is gone.`);
  return {
    ...judged,
    session: spec.session,
    step: step.number,
    sessionDir: session.directory,
    worktree,
    agentSession: run.agentSession,
    mode: answer ? "answer" : step.opens ? "start" : "resume",
    prompt: answer ? null : prompt,
    answer,
    model: spec.agent.model,
    budgetUsd: budgetOf(session),
    maxTurns: spec.limits.maxTurns,
    env: session.env,
  };
}

/** What the step may still spend: the session's rest, and in a council no more than the council's. */
function budgetOf({ run, spec }: Session): number | null {
  const rests = [restOfCouncil(run, spec.limits.council)?.usd ?? null];
  if (spec.limits.budgetUsd !== null) rests.push(spec.limits.budgetUsd - run.costUsd);
  const known = rests.filter((rest) => rest !== null);
  return known.length === 0 ? null : Math.max(0.01, Math.min(...known));
}

function answerOf({ run }: Session, { delivers }: LiveStep): StepOrder["answer"] {
  if (delivers === null) return null;
  const question = run.questions.find(({ id }) => id === delivers);
  const choices = choicesOf(run, delivers);
  if (!question?.toolUseId || !choices) throw new Error(`${delivers} has no answer to hand over.`);
  return { toolUseId: question.toolUseId, prompts: question.prompts, choices };
}
