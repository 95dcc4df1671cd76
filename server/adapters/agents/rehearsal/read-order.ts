import type { CouncilPart } from "#lib/domain/review.ts";

export type WorkKind = "implement" | "repair" | "tidy" | "rework" | "merge-base" | "continue";

/** What a prompt of the runner asks for, as far as somebody who only rehearses has to understand it. */
export interface Order {
  readonly item: { readonly id: string; readonly title: string } | null;
  readonly work: WorkKind;
  readonly part: CouncilPart;
  /** The same part was held before and did not count. */
  readonly again: boolean;
  /** The findings that it lists, each as `f-1`, `2/f-1` or `c-1` with where it is and what it claims. */
  readonly findings: readonly { readonly id: string; readonly file: string; readonly claim: string }[];
  /** What people have answered so far. */
  readonly answers: readonly { readonly question: string; readonly answer: string }[];
  /** The change that a review is about. */
  readonly range: { readonly base: string; readonly head: string } | null;
}

/** How each kind of work begins. */
const openings: readonly (readonly [RegExp, WorkKind])[] = [
  [/^Implement the item above completely/gm, "implement"],
  [/^The validation of your work is red/gm, "repair"],
  [/^You left files uncommitted\./gm, "tidy"],
  [/^The work needs changes before it can land\./gm, "rework"],
  [/^The base branch `.*` has moved on/gm, "merge-base"],
  [/^You were interrupted\.|^Go on with the item\./gm, "continue"],
];

/** Reads what server/runner/prompts writes. The order stands below the item, so the last that looks like one is it. */
export function readOrder(prompt: string): Order {
  const item = /^# (\S+): (.*)\n\nType: /m.exec(prompt);
  const range = /^Exactly the commits `([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})`/m.exec(prompt);
  const part = lastOf(prompt, /^## The review council: (recheck|examination|rebuttal|arbitration)$/gm)?.[1];
  const [work] = openings
    .map(([opening, kind]) => ({ kind, at: lastOf(prompt, opening)?.index ?? -1 }))
    .toSorted((a, b) => b.at - a.at);
  const answered = prompt.lastIndexOf("\n## Questions that were answered\n");
  return {
    item: item ? { id: item[1] ?? "", title: item[2] ?? "" } : null,
    // An order of another shape means the item itself.
    work: work && work.at >= 0 ? work.kind : "implement",
    part: (part as CouncilPart | undefined) ?? "examination",
    again: prompt.includes("was held before and did not count"),
    findings: [
      ...prompt.matchAll(
        /^- \*\*((?:\d{1,4}\/)?f-\d{1,4}|c-\d{1,4})\*\* \([^)]*\) (.+?)(?::\d+-\d+)?: (.*)$/gm,
      ),
    ].map(([, id = "", file = "", claim = ""]) => ({ id, file, claim })),
    answers:
      answered < 0
        ? []
        : [...prompt.slice(answered).matchAll(/^- (.+)\n {2}Answer by [^:\n]+: (.*)$/gm)].map(
            ([, question = "", answer = ""]) => ({ question, answer }),
          ),
    range: range ? { base: range[1] ?? "", head: range[2] ?? "" } : null,
  };
}

/** What a reviewer is told to say the outcome of. */
export function earlierIds(prompt: string): string[] {
  const start = prompt.lastIndexOf("\n## Earlier findings\n");
  const end = prompt.lastIndexOf("\n## Your last message\n");
  if (start < 0 || end < start) return [];
  return [...prompt.slice(start, end).matchAll(/^- \*\*([^*\s]+)\*\* \(/gm)].map(([, id = ""]) => id);
}

function lastOf(text: string, pattern: RegExp): RegExpExecArray | undefined {
  return [...text.matchAll(pattern)].at(-1);
}
