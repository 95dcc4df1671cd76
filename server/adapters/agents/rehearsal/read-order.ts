import type { CouncilPart } from "#lib/domain/review.ts";

export type WorkKind = "implement" | "repair" | "tidy" | "rework" | "merge-base" | "continue";

/** What a prompt of the runner asks for, as far as somebody who only rehearses has to understand it. */
export interface Order {
  readonly item: { readonly id: string; readonly title: string } | null;
  readonly work: WorkKind;
  readonly part: CouncilPart;
  /** The same part was held before and did not count. */
  readonly again: boolean;
  /** The findings that it lists, each as `f-1` with where it is and what it claims. */
  readonly findings: readonly { readonly id: string; readonly file: string; readonly claim: string }[];
  /** What people have answered so far. */
  readonly answers: readonly { readonly question: string; readonly answer: string }[];
  /** The change that a review is about. */
  readonly range: { readonly base: string; readonly head: string } | null;
}

/** How each kind of work begins; an order of another shape means the item itself. */
const openings: readonly (readonly [RegExp, WorkKind])[] = [
  [/^The validation of your work is red/m, "repair"],
  [/^You left files uncommitted\./m, "tidy"],
  [/^The work needs changes before it can land\./m, "rework"],
  [/^The base branch `.*` has moved on/m, "merge-base"],
  [/^You were interrupted\.|^Go on with the item\./m, "continue"],
];

export function readOrder(prompt: string): Order {
  const item = /^# (\S+): (.*)\n\nType: /m.exec(prompt);
  const range = /`([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})`/.exec(prompt);
  const part = /^## The review council: (examination|rebuttal|arbitration)$/m.exec(prompt)?.[1];
  return {
    item: item ? { id: item[1] ?? "", title: item[2] ?? "" } : null,
    work: openings.find(([opening]) => opening.test(prompt))?.[1] ?? "implement",
    part: (part as CouncilPart | undefined) ?? "examination",
    again: prompt.includes("was held before and did not count"),
    findings: [...prompt.matchAll(/^- \*\*(f-\d{1,4})\*\* \([^)]*\) (.+?)(?::\d+-\d+)?: (.*)$/gm)].map(
      ([, id = "", file = "", claim = ""]) => ({ id, file, claim }),
    ),
    answers: [...prompt.matchAll(/^- (.+)\n {2}Answer by [^:\n]+: (.*)$/gm)].map(
      ([, question = "", answer = ""]) => ({ question, answer }),
    ),
    range: range ? { base: range[1] ?? "", head: range[2] ?? "" } : null,
  };
}
