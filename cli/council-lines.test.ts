import { expect, it } from "vitest";
import { parseObjectId } from "#lib/domain/ids.ts";
import type { Report, Review } from "#lib/domain/review.ts";
import { councilLines } from "./council-lines.ts";

const finding = {
  id: "f-1",
  file: "a.ts",
  lines: [3, 4],
  severity: "major",
  category: "correctness",
  claim: "It forgets the last one.",
  evidence: "",
} as const;
const reviewer: Report = {
  ...{ role: "peer-reviewer", verdict: "changes", summary: "Not yet." },
  ...{ findings: [finding], responses: [], earlier: [] },
};
const [base, head] = [parseObjectId("1".repeat(40)), parseObjectId("2".repeat(40))];
const review: Review = {
  ...{ number: 1, round: 0, verdict: "no-verdict", by: null, reason: "the implementer did not run" },
  ...{ base, head, parts: [], earlier: [], fixes: [], validation: null, limits: null },
  uncounted: [
    {
      part: "examination",
      reason: "the implementer did not run",
      reports: [reviewer],
      attended: [{ role: "peer-reviewer", agent: "a1", reported: true }],
    },
  ],
  ...{ startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:01:00.000Z", costUsd: 0 },
};

it("[C215] a council without a verdict is shown with what its roles reported all the same", () => {
  const text = councilLines(review).join("\n");
  expect(text).toContain("examination, did not count: the implementer did not run");
  expect(text).toContain("Peer reviewer wants changes. Not yet.");
  expect(text).toContain("a.ts:3-4");
  expect(text).toContain("It forgets the last one.");
  expect(text).toContain("open: f-1");
});
