import { join } from "node:path";
import { z } from "zod";
import { unanswered } from "#lib/domain/answer-to.ts";
import { conclude, type Conclusion } from "#lib/domain/conclude.ts";
import { outcomesOf, unjudged } from "#lib/domain/earlier-findings.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import { rolesOf, type CouncilPart, type Held, type Review } from "#lib/domain/review.ts";
import { councilRules } from "#lib/domain/council-state.ts";
import type { Purpose, Reviewing, Validation } from "#lib/domain/run-state.ts";
import { writeJson } from "#server/files/write-whole.ts";
import { stepFolder } from "./places.ts";
import { worktreeOf, type Session } from "./session.ts";
import { judgedOrder } from "./step-order.ts";
import { uncommittedBefore } from "./uncommitted-before.ts";
import { validate } from "./validate.ts";

const retoldSchema = z.object({
  roles: z.array(
    z.object({
      role: z.enum(["implementer", "peer-reviewer", "tech-lead"]),
      verdict: z.enum(["approve", "changes"]),
    }),
  ),
});

/** Binds the council to exactly the change as it stands. */
export async function openCouncil(session: Session): Promise<void> {
  const { base } = worktreeOf(session);
  const { state } = session.run;
  if (state.status !== "completed") throw new Error("The work is not completed.");
  await session.emit({ kind: "council-opened", base, head: state.head });
}

/** Counts what the roles of a part reported, or says why the part cannot be counted. */
export async function holdPart(session: Session, step: number, part: CouncilPart): Promise<void> {
  const { state, head } = session.run;
  if (state.status !== "reviewing" || head === null) throw new Error("No review is under way.");
  const purpose: Purpose = { phase: "review", part, again: state.again };
  const end = await session.ports.processes.readEnd(join(stepFolder(session.directory, step), "exit"));
  const outcome = await session.agent.judge(judgedOrder(session, step, purpose), end);
  if (outcome.kind !== "finished") throw new Error(`Step ${step} was finished and is now ${outcome.kind}.`);
  const retold = retoldSchema.safeParse(outcome.structured);
  const held: Held = {
    part,
    reports: outcome.reports.filter(({ role }) => rolesOf[part].includes(role)).slice(0, 10),
    retold: retold.success ? retold.data.roles : null,
    headBefore: state.head,
    headAfter: head,
    attended: outcome.attended.filter(({ role }) => rolesOf[part].includes(role)).slice(0, 20),
  };
  const reason = await flawOf(session, state, step, held);
  const { reports, attended } = held;
  await session.emit(
    reason === null
      ? { kind: "part-held", held }
      : { kind: "part-failed", part, reason: reason.slice(0, 5000), reports, attended },
  );
}

/** What asking once more may mend. A branch that moved is not among it: that is held, and there is no verdict. */
async function flawOf(session: Session, state: Reviewing, step: number, held: Held): Promise<string | null> {
  if (held.retold === null) return "the verdicts were not returned";
  const stood = held.part === "arbitration" ? held : { ...held, headBefore: held.headAfter };
  const conclusion = conclude([...state.held, stood], councilRules(state, session.spec.limits));
  if (conclusion.kind === "no-verdict") return conclusion.reason;
  const owed = unanswered(state.held, held);
  if (owed !== null) return owed;
  const missing = unjudged(state.carried, state.held, held);
  if (missing !== null) return `nobody said what became of ${missing}`;
  const { worktree, base } = worktreeOf(session);
  const before = await uncommittedBefore(session.directory, step);
  const { uncommitted } = await session.ports.git.workState(worktree, base);
  const left = uncommitted.filter((path) => !before.has(path));
  return left.length > 0 ? `files were left in the worktree: ${left.slice(0, 20).join(", ")}` : null;
}

/** An approved worktree is its branch and nothing else, so that a plain `git worktree remove` takes it away. */
async function leaveClean(session: Session): Promise<void> {
  const { spec, ports } = session;
  const { git } = ports;
  const { worktree } = worktreeOf(session);
  const kept = await git.snapshot(
    worktree,
    `What was left in the worktree of ${spec.item.id}`,
    spec.identity,
  );
  if (!kept) return;
  const ref = await git.archive(
    spec.repository.root,
    spec.session,
    kept.commit,
    "left behind by the validation",
  );
  await git.discardUncommitted(worktree);
  const text = `Files that validation or review had left in the worktree were taken out of it; they are kept at ${ref}.`;
  await session.emit({ kind: "warned", text });
}

/** Writes the council's record. Work that the tech lead changed is validated first, and red work is not approved. */
export async function concludeReview(session: Session): Promise<void> {
  const { state } = session.run;
  if (state.status !== "reviewing") throw new Error("No review is under way.");
  const conclusion = conclusionOf(session, state);
  const last = state.held.at(-1);
  const head = state.over === null ? (last?.headAfter ?? state.head) : state.head;
  const isFixed = conclusion.kind === "approved" && last?.headBefore !== head;
  if (isFixed && session.run.validation?.head !== head) {
    await session.emit({ kind: "validated", validation: await validate(session, head) });
  }
  const { run, spec, ports } = session;
  const isRed = isFixed && run.validation?.passed !== true;
  const review: Review = {
    number: run.reviews.length + 1,
    round: run.round,
    verdict: isRed ? "rejected" : conclusion.kind,
    by: conclusion.kind === "no-verdict" ? null : conclusion.by,
    reason: isRed
      ? "The validation is red after the tech lead's fixes."
      : conclusion.kind === "no-verdict"
        ? conclusion.reason
        : null,
    base: state.base,
    head,
    parts: state.held,
    uncounted: state.uncounted,
    earlier: outcomesOf(state.carried, state.held),
    fixes: await fixesOf(session, state, head),
    validation: evidenceOf(run.validation, head),
    limits: spec.limits.council,
    startedAt: state.startedAt,
    endedAt: ports.clock.now().toISOString(),
    costUsd: Math.max(0, run.costUsd - state.costBeforeUsd),
  };
  if (review.verdict === "approved") await leaveClean(session);
  // Whoever hears of the verdict finds its record.
  await writeJson(join(session.directory, "review.json"), review);
  await session.emit({ kind: "review-concluded", review });
}

function conclusionOf({ spec }: Session, state: Reviewing): Exclude<Conclusion, { kind: "next" }> {
  if (state.over !== null) return { kind: "no-verdict", reason: state.over };
  const conclusion = conclude(state.held, councilRules(state, spec.limits));
  if (conclusion.kind === "next") throw new Error("The council has not come to its end.");
  return conclusion;
}

/** What was committed while the tech lead had its say; the newest first. */
async function fixesOf({ spec, ports }: Session, { held }: Reviewing, head: ObjectId) {
  const arbitration = held.find(({ part }) => part === "arbitration");
  if (!arbitration || arbitration.headBefore === head) return [];
  return ports.git.commits(spec.repository.root, arbitration.headBefore, head, 100);
}

function evidenceOf(validation: Validation | null, head: ObjectId): Review["validation"] {
  if (validation?.head !== head) return null;
  const { passed, commands } = validation;
  return {
    passed,
    head,
    commands: commands.map(({ name, command, exit, durationMs }) => ({ name, command, exit, durationMs })),
  };
}
