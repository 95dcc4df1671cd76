import type { ObjectId } from "./ids.ts";

export type Role = "implementer" | "peer-reviewer" | "tech-lead";
export type Severity = "blocker" | "major" | "minor" | "nit";
export type Category = "correctness" | "tests" | "security" | "design" | "documentation" | "performance";

export interface Finding {
  /** `f-<n>`, unique in its council. */
  readonly id: string;
  readonly file: string;
  /** First and last line, 1-based; null when it is about the whole file or the change. */
  readonly lines: readonly [number, number] | null;
  readonly severity: Severity;
  readonly category: Category;
  readonly claim: string;
  readonly evidence: string;
}

/** What a role says to one finding in a rebuttal or an arbitration. */
export interface Response {
  readonly finding: string;
  readonly stance: "accept" | "dispute" | "withdraw" | "fixed" | "overrule";
  readonly reason: string;
}

/** The typed last message of one role in one part of a council. */
export interface Report {
  readonly role: Role;
  readonly verdict: "approve" | "changes";
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly responses: readonly Response[];
}

export type CouncilPart = "examination" | "rebuttal" | "arbitration";

/** The roles whose reports a part needs before it can be concluded. */
export const rolesOf: Readonly<Record<CouncilPart, readonly Role[]>> = {
  examination: ["implementer", "peer-reviewer"],
  rebuttal: ["implementer", "peer-reviewer"],
  arbitration: ["tech-lead"],
};

/**
 * One part as it was held. `reports` are the roles' own last messages; `retold` is what the lead
 * of the conversation said they said, which must agree and never counts alone.
 */
export interface Held {
  readonly part: CouncilPart;
  readonly reports: readonly Report[];
  readonly retold: readonly { readonly role: Role; readonly verdict: "approve" | "changes" }[] | null;
  /** The head before and after the part; only the tech lead may move it. */
  readonly headBefore: ObjectId;
  readonly headAfter: ObjectId;
}

export type Conclusion =
  | { readonly kind: "approved"; readonly by: "consensus" | "arbitration" }
  | { readonly kind: "rejected"; readonly by: "consensus" | "arbitration" }
  | { readonly kind: "next"; readonly part: "rebuttal" | "arbitration" }
  | { readonly kind: "no-verdict"; readonly reason: string };

/**
 * What the parts held so far amount to. The peer reviewer's verdict decides where the implementer
 * agrees with it; a dissent goes through one rebuttal and then to the tech lead, whose word binds.
 * Anything missing or contradictory is no verdict, which is never an approval.
 */
export function conclude(held: readonly Held[]): Conclusion {
  const last = held.at(-1);
  if (!last) return { kind: "no-verdict", reason: "no part of the council was held" };
  const flaw = flawOf(last);
  if (flaw) return { kind: "no-verdict", reason: flaw };
  const verdictOf = (role: Role) => last.reports.find((report) => report.role === role)?.verdict;
  if (last.part === "arbitration") {
    return { kind: verdictOf("tech-lead") === "approve" ? "approved" : "rejected", by: "arbitration" };
  }
  const [implementer, reviewer] = [verdictOf("implementer"), verdictOf("peer-reviewer")];
  if (implementer === reviewer) {
    return { kind: reviewer === "approve" ? "approved" : "rejected", by: "consensus" };
  }
  return { kind: "next", part: last.part === "examination" ? "rebuttal" : "arbitration" };
}

function flawOf(held: Held): string | null {
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
  return null;
}

/** The council's record: what `review.json` holds and what a landing is checked against. */
export interface Review {
  readonly round: number;
  readonly verdict: "approved" | "rejected" | "no-verdict";
  readonly by: "consensus" | "arbitration" | null;
  readonly reason: string | null;
  /** The verdict holds for exactly this change: from `base` to `head`. */
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly parts: readonly Held[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly costUsd: number;
}

/** What the next round of work has to deal with: findings that nobody withdrew or overruled. */
export function openFindings(parts: readonly Held[]): Finding[] {
  const settled = new Set(
    parts
      .flatMap((held) =>
        held.reports.flatMap((report) => report.responses.filter((each) => settles(report.role, each))),
      )
      .map(({ finding }) => finding),
  );
  const findings = new Map<string, Finding>();
  for (const held of parts) {
    for (const report of held.reports)
      for (const finding of report.findings) findings.set(finding.id, finding);
  }
  return [...findings.values()].filter((finding) => !settled.has(finding.id));
}

/** Who raised a finding may withdraw it; who arbitrates may fix or overrule it. */
function settles(role: Role, { stance }: Response): boolean {
  if (role === "peer-reviewer") return stance === "withdraw";
  return role === "tech-lead" && (stance === "fixed" || stance === "overrule" || stance === "withdraw");
}
