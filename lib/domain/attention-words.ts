import type { AttentionKind } from "./attention.ts";

/** What each kind is called, and what a person does about it. */
export const attentionWords: Readonly<
  Record<AttentionKind, { readonly name: string; readonly act: string }>
> = {
  question: { name: "Question", act: "Answer" },
  rejected: { name: "Rejected", act: "Send back or give up" },
  "no-verdict": { name: "No verdict", act: "Decide" },
  conflict: { name: "Conflict", act: "Send back to merge the base" },
  "gate-red": { name: "Gate red", act: "Look and send back" },
  "landing-stuck": { name: "Landing stuck", act: "Clear the way" },
  "revert-refused": { name: "Revert refused", act: "Look and try again" },
  approval: { name: "Approved", act: "Merge" },
  budget: { name: "Budget used up", act: "Allow more or give up" },
  failed: { name: "Failed", act: "Look and resume" },
  interrupted: { name: "Interrupted", act: "Resume" },
  unknown: { name: "Unknown", act: "Clean up" },
  stale: { name: "Stale", act: "Look" },
  parked: { name: "Parked", act: "Dispatch again or close" },
};
