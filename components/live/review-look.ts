import type { Response, Role, Severity } from "#lib/domain/review.ts";

/** The words and tones of a review, the same in the council and on the diff. */
export const severityTone = {
  blocker: "bad",
  major: "attention",
  minor: "info",
  nit: "neutral",
} as const satisfies Record<Severity, string>;

export const roleWord: Readonly<Record<Role, string>> = {
  implementer: "Implementer",
  "peer-reviewer": "Peer reviewer",
  "tech-lead": "Tech lead",
};

export const stanceLook = {
  accept: { word: "accepts", tone: "neutral" },
  dispute: { word: "disputes", tone: "bad" },
  withdraw: { word: "withdraws", tone: "neutral" },
  fixed: { word: "fixed", tone: "good" },
  overrule: { word: "overrules", tone: "info" },
} as const satisfies Record<Response["stance"], { word: string; tone: string }>;
