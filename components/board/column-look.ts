import type { Tone } from "#components/ui/tone.ts";
import type { ColumnName } from "./columns.ts";

/** The tone of a column's mark, and what stands in it while it is empty. */
export const columnLooks: Readonly<Record<ColumnName, { tone: Tone; empty: string }>> = {
  Blocked: { tone: "neutral", empty: "Nothing is held back." },
  Ready: { tone: "neutral", empty: "No item is ready. Finished work unblocks more." },
  Running: { tone: "info", empty: "Dispatch a ready item to start." },
  "Needs you": { tone: "attention", empty: "Nothing waits for you." },
  "In review": { tone: "review", empty: "Councils gather here by themselves." },
  "Ready to merge": { tone: "good", empty: "Approved work waits here for your click." },
  Done: { tone: "neutral", empty: "Merged work ends here." },
};
