import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Failure } from "#lib/domain/failure.ts";
import { questionIdFor } from "#lib/domain/ids.ts";
import type { LiveStep, Purpose } from "#lib/domain/run-state.ts";
import { writeWhole } from "#server/files/write-whole.ts";
import type { StepOutcome } from "#server/ports.ts";
import { stepFolder } from "./places.ts";
import { sceneOf } from "./scene.ts";
import { worktreeOf, type Session } from "./session.ts";
import { uncommittedBefore } from "./uncommitted-before.ts";

/** An agent that begins says so in its first lines. */
const beginningBytes = 256 << 10;
const longestDetail = 4000;

/** Makes what a step came to part of the run. */
export async function reportStep(
  session: Session,
  live: LiveStep,
  purpose: Purpose,
  outcome: StepOutcome,
): Promise<void> {
  const { costUsd } = outcome;
  const step = live.number;
  switch (outcome.kind) {
    case "finished": {
      await keepMessage(session, step, purpose, outcome.text);
      await session.emit({
        kind: "step-finished",
        step,
        costUsd,
        head: await headAfter(session, step, purpose),
      });
      return;
    }
    case "asked": {
      const { run, spec, ports } = session;
      const question = {
        id: questionIdFor(run.questions.length + 1),
        prompts: outcome.prompts,
        asker: { role: spec.agent.type, phase: purpose.phase, step },
        context: outcome.context,
        scene: await sceneOf(session, step),
        askedAt: ports.clock.now().toISOString(),
        toolUseId: outcome.toolUseId,
      };
      await session.emit({ kind: "step-asked", step, costUsd, question });
      return;
    }
    case "failed": {
      const isBegun = await hasBegun(session, step);
      const failure = isBegun ? outcome.failure : await diagnose(session, outcome.failure);
      const agentSessionLost =
        outcome.agentSessionLost || endsConversation(live, failure) || (live.opens && !isBegun);
      await session.emit({ kind: "step-failed", step, costUsd, failure, agentSessionLost });
    }
  }
}

/** To go on with it would meet the same refusal: what repeats a conversation and is refused, holds what is refused. */
function endsConversation({ opens }: LiveStep, { reason }: Failure): boolean {
  return reason === "prompt-too-long" || (reason === "conversation-broken" && !opens);
}

/** Whether there is a conversation to go on with: a program that ended before it said anything kept none. */
async function hasBegun({ directory, agent }: Session, step: number): Promise<boolean> {
  const path = join(stepFolder(directory, step), "stream.jsonl");
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    return lines.some((line) => agent.parse(line).some(({ kind }) => kind !== "unknown"));
  } finally {
    await file.close();
  }
}

/** A program that ends before it says anything is asked about itself: it may be too old for what it was told. */
async function diagnose({ agent, env }: Session, failure: Failure): Promise<Failure> {
  if (!["agent-crashed", "agent-no-result", "agent-missing"].includes(failure.reason)) return failure;
  const { ok, path, version, problem } = await agent.health(env);
  if (ok || problem === null) return failure;
  const reason = path === null ? "agent-missing" : version === null ? failure.reason : "agent-too-old";
  return { reason, detail: `${problem}\n${failure.detail}`.slice(0, longestDetail) };
}

/** What the agent said at the end of its work becomes the summary; what it said of a chore does not. */
async function keepMessage(session: Session, step: number, purpose: Purpose, text: string) {
  if (purpose.phase !== "implementation" || text.trim() === "") return;
  if (["tidy", "repair", "merge-base"].includes(purpose.work.kind)) return;
  await writeWhole(join(stepFolder(session.directory, step), "message.md"), text);
}

/** Only the tech lead may change the branch in a review: what it fixed and did not commit is committed, and nothing else. */
async function headAfter(session: Session, step: number, purpose: Purpose) {
  const { worktree, base } = worktreeOf(session);
  const { git } = session.ports;
  if (purpose.phase === "review" && purpose.part === "arbitration") {
    const except = await uncommittedBefore(session.directory, step);
    await git.commitAll(worktree, "Apply the tech lead's fixes", session.spec.identity, { except });
  }
  return (await git.workState(worktree, base)).head;
}
