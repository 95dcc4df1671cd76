import { unanswered } from "./answer-to.ts";
import { outcomesOf } from "./earlier-findings.ts";
import { openFindings } from "./open-findings.ts";
import {
  rolesOf,
  type Carried,
  type CouncilPart,
  type Held,
  type Role,
  type Severity,
  type VerdictBy,
} from "./review.ts";

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
 * council follows. Anything missing or contradictory is no verdict, which is never an approval; nor is one
 * that leaves anything weighty standing, whichever role and part it came from.
 */
export function conclude(
  held: readonly Held[],
  { rebuttals = 1, carried = [] }: Partial<CouncilRules> = {},
): Conclusion {
  const last = held.at(-1);
  if (!last) return { kind: "no-verdict", reason: "no part of the council was held" };
  const conclusion = conclusionOf(last, held, rebuttals);
  const flaw =
    flawOf(last, held.slice(0, -1)) ?? (conclusion.kind === "approved" ? standing(held, carried) : null);
  return flaw === null ? conclusion : { kind: "no-verdict", reason: flaw };
}

function conclusionOf(last: Held, held: readonly Held[], rebuttals: number): Conclusion {
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

/** What is missing in a part or contradicts itself. */
function flawOf(held: Held, before: readonly Held[]): string | null {
  for (const role of rolesOf[held.part]) {
    const own = held.reports.filter((report) => report.role === role);
    if (own.length === 0) {
      const ran = held.attended.some((each) => each.role === role);
      return ran ? `the ${role} gave no verdict` : `the ${role} did not run`;
    }
    if (new Set(own.map((report) => report.verdict)).size > 1) return `the ${role} gave two verdicts`;
    const retold = held.retold?.filter((each) => each.role === role) ?? [];
    if (retold.some((each) => each.verdict !== own[0]?.verdict)) {
      return `the ${role}'s verdict was retold differently`;
    }
  }
  if (held.headBefore !== held.headAfter && held.part !== "arbitration") {
    return "the branch moved during the review";
  }
  const twice = namedTwice([...before, held]);
  if (twice !== null) return `two findings are called ${twice}`;
  return held.part === "arbitration" ? arbitrationFlaw(held, before) : null;
}

/** A finding under a number that another one has would take its place. */
function namedTwice(parts: readonly Held[]): string | null {
  const ids = parts.flatMap(({ reports }) => reports.flatMap(({ findings }) => findings.map(({ id }) => id)));
  return ids.find((id, index) => ids.indexOf(id) !== index) ?? null;
}

/** What an approval may not leave open: a weighty finding of this council, or a point that was carried into it. */
function standing(held: readonly Held[], carried: readonly Carried[]): string | null {
  const found = openFindings(held).find(({ severity }) => isWeighty(severity));
  if (found) return `it was approved although ${found.id} (${found.severity}) still stands`;
  const left = outcomesOf(carried, held).find((each) => each.state === "open" && isWeighty(each.severity));
  return left ? `it was approved although ${left.id} is still open` : null;
}

/** A small point may stay open for good; what a person said, which has no severity, may not. */
function isWeighty(severity: Severity | null): boolean {
  return severity !== "minor" && severity !== "nit";
}

/** The word that binds has to answer every open finding, with a reason, and fit what it did. */
function arbitrationFlaw(held: Held, before: readonly Held[]): string | null {
  const owed = unanswered(before, held);
  if (owed !== null) return owed;
  const fixed = held.reports
    .flatMap(({ responses }) => responses)
    .find(({ stance }) => stance === "fixed" && held.headBefore === held.headAfter);
  return fixed ? `the tech-lead says that ${fixed.finding} is fixed and changed nothing` : null;
}
