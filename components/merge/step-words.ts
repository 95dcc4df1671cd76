import type { LandingStep } from "#lib/domain/merge.ts";

/** The step of a landing, as people say it. */
export const stepWords: Readonly<Record<LandingStep, string>> = {
  previewed: "preview",
  built: "build",
  gated: "gate",
  moved: "move base",
  "checked-out": "checkout",
  closed: "close item",
  archived: "archive",
  cleaned: "clean up",
};
