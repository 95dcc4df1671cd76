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
  /** What became of each finding of earlier councils, and of people's comments. */
  readonly earlier: readonly EarlierWord[];
}

/** `recheck` looks only at what a moved base changed under an approved change. */
export type CouncilPart = "recheck" | "examination" | "rebuttal" | "arbitration";

/** The roles whose reports a part needs before it can be concluded. */
export const rolesOf: Readonly<Record<CouncilPart, readonly Role[]>> = {
  recheck: ["peer-reviewer"],
  examination: ["implementer", "peer-reviewer"],
  rebuttal: ["implementer", "peer-reviewer"],
  arbitration: ["tech-lead"],
};

/** Who wrote the code judges neither a finding about it nor what became of one. */
export const judges: readonly Role[] = ["peer-reviewer", "tech-lead"];

/** Who really ran in a part, by the agent's own word of each subagent's end. */
export interface Attendance {
  readonly role: Role;
  /** The subagent's id, as the agent's program gives it. */
  readonly agent: string;
  /** Its last message was a report. */
  readonly reported: boolean;
}

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
  readonly attended: readonly Attendance[];
}

/** A part that could not be counted, with what was handed in all the same. */
export interface Uncounted {
  readonly part: CouncilPart;
  readonly reason: string;
  readonly reports: readonly Report[];
  readonly attended: readonly Attendance[];
}

export type VerdictBy = "consensus" | "arbitration" | "recheck";

/** What a council has to say the outcome of: a finding that an earlier one left open, or a person's comment. */
export interface Carried {
  /** `<council>/f-<n>`, such as `1/f-2`; `c-<n>` for a comment. */
  readonly id: string;
  readonly file: string;
  readonly lines: readonly [number, number] | null;
  /** Null for a comment: whoever writes one means it. */
  readonly severity: Severity | null;
  readonly claim: string;
  /** The role that raised it, or the person. */
  readonly by: string;
}

/** A reviewer's typed word on one of them. */
export interface EarlierWord {
  readonly finding: string;
  readonly state: "resolved" | "open";
  readonly reason: string;
}

/** One of them with what became of it, as the council's record has it. */
export interface Earlier extends Carried {
  readonly state: "resolved" | "open";
  /** Empty where no reviewer spoke about it. */
  readonly reason: string;
}

/** What a council may use up; over it, there is no verdict. */
export interface CouncilLimits {
  readonly rebuttals: number;
  /** Of work: the time in which a question waits for a person does not count. */
  readonly timeLimitMs: number;
  /** At list prices; null for none of its own. */
  readonly budgetUsd: number | null;
}

/** What the tech lead changed itself. */
export interface Fix {
  readonly commit: ObjectId;
  readonly subject: string;
}

/** How the validation of the reviewed head went; what the commands printed is in the run's history. */
export interface Evidence {
  readonly passed: boolean;
  readonly head: ObjectId;
  readonly commands: readonly {
    readonly name: string;
    readonly command: string;
    readonly exit: number | null;
    readonly durationMs: number;
  }[];
}

/** The council's record: what `review.json` holds and what a landing is checked against. */
export interface Review {
  /** Councils of a session count from 1. */
  readonly number: number;
  readonly round: number;
  readonly verdict: "approved" | "rejected" | "no-verdict";
  readonly by: VerdictBy | null;
  readonly reason: string | null;
  /** The verdict holds for exactly this change: from `base` to `head`. */
  readonly base: ObjectId;
  readonly head: ObjectId;
  /** Presentation and examination, rebuttal, arbitration: the roles' own words with findings and answers. */
  readonly parts: readonly Held[];
  /** What was held and did not count. */
  readonly uncounted: readonly Uncounted[];
  /** Findings of earlier councils and people's comments, with what became of them. */
  readonly earlier: readonly Earlier[];
  readonly fixes: readonly Fix[];
  /** Null where the reviewed head was never validated. */
  readonly validation: Evidence | null;
  readonly limits: CouncilLimits | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly costUsd: number;
}
