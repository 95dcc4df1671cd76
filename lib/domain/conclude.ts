import { answerTo } from "./answer-to.ts";
import { openFindings } from "./open-findings.ts";
import { rolesOf, type Carried, type CouncilPart, type Held, type Role, type VerdictBy } from "./review.ts";

export type Conclusion =
  | { readonly kind: "approved"; readonly by: VerdictBy }
  | { readonly kind: "rejected"; readonly by: Exclude<VerdictBy, "recheck"> }
  | { readonly kind: "next"; readonly part: Exclude<CouncilPart, "recheck"> }
  | { readonly kind: "no-verdict"; readonly reason: string };

/** What a council is held under. */
export interface CouncilRules {
  /** How often a dissent is debated before the tech lead decides. */
  readonly rebuttals: number;
  /** What it has to say the outcome of. */
  readonly carried: readonly Carried[];
}

/**
 * What the parts held so far amount to. The peer reviewer's verdict decides where the implementer
 * agrees with it; a dissent goes through rebuttal (once, unless the rules say otherwise) and then to the
 * tech lead, whose word binds. A recheck that finds nothing confirms the approval before it; else the whole
 * council follows. Anything missing or contradictory is no verdict, which is never an approval.
 */
export function conclude(
  held: readonly Held[],
  { rebuttals = 1, carried = [] }: Partial<CouncilRules> = {},
): Conclusion {
  const last = held.at(-1);
  if (!last) return { kind: "no-verdict", reason: "no part of the council was held" };
  const flaw = flawOf(last, held.slice(0, -1), carried);
  if (flaw) return { kind: "no-verdict", reason: flaw };
  const verdictOf = (role: Role) => last.reports.find((report) => report.role === role)?.verdict;
  if (last.part === "recheck") {
    return verdictOf("peer-reviewer") === "approve"
      ? { kind: "approved", by: "recheck" }
      : { kind: "next", part: "examination" };
  }
  if (last.part === "arbitration") {
    return { kind: verdictOf("tech-lead") === "approve" ? "approved" : "rejected", by: "arbitration" };
  }
  const [implementer, reviewer] = [verdictOf("implementer"), verdictOf("peer-reviewer")];
  if (implementer === reviewer) {
    return { kind: reviewer === "approve" ? "approved" : "rejected", by: "consensus" };
  }
  const debated = held.filter(({ part }) => part === "rebuttal").length;
  return { kind: "next", part: debated < rebuttals ? "rebuttal" : "arbitration" };
}

function flawOf(held: Held, before: readonly Held[], carried: readonly Carried[]): string | null {
  for (const role of rolesOf[held.part]) {
    const own = held.reports.filter((report) => report.role === role);
    if (own.length === 0) return `the ${role} gave no verdict`;
    if (new Set(own.map((report) => report.verdict)).size > 1) return `the ${role} gave two verdicts`;
    const retold = held.retold?.filter((each) => each.role === role) ?? [];
    if (retold.some((each) => each.verdict !== own[0]?.verdict)) {
      return `the ${role}'s verdict was retold differently`;
    }
  }
  if (held.headBefore !== held.headAfter && held.part !== "arbitration") {
    return "the branch moved during the review";
  }
  const approved = held.reports.find(
    (report) => report.verdict === "approve" && report.role !== "implementer",
  );
  const blocker = approved?.findings.find((finding) => finding.severity === "blocker");
  const answered = approved?.responses.some(
    (each) => each.finding === blocker?.id && each.stance !== "accept",
  );
  if (approved && blocker && !answered) {
    return `the ${approved.role} approved with an open blocker (${blocker.id})`;
  }
  const left = approved?.earlier.find(({ finding, state }) => state === "open" && weighs(carried, finding));
  if (approved && left) return `the ${approved.role} approved although ${left.finding} is still open`;
  return held.part === "arbitration" ? arbitrationFlaw(held, before) : null;
}

/** A small point may stay open for good; what a person said may not. */
function weighs(carried: readonly Carried[], id: string): boolean {
  const severity = carried.find((each) => each.id === id)?.severity;
  return severity !== undefined && severity !== "minor" && severity !== "nit";
}

/** The word that binds has to answer every open finding, with a reason, and fit what it did. */
function arbitrationFlaw(held: Held, before: readonly Held[]): string | null {
  const lead = held.reports.find(({ role }) => role === "tech-lead");
  for (const { id, severity } of openFindings(before)) {
    const answer = answerTo(id, "tech-lead", held);
    if (typeof answer === "string") return answer;
    if (answer.stance === "fixed" && held.headBefore === held.headAfter) {
      return `the tech-lead says that ${id} is fixed and changed nothing`;
    }
    const isHeavy = severity === "blocker" || severity === "major";
    if (isHeavy && lead?.verdict === "approve" && answer.stance === "accept") {
      return `the tech-lead approved although ${id} stands`;
    }
  }
  return null;
}
