import { expect, it } from "vitest";
import type { CommentView } from "#lib/contract/wire.ts";
import type { Review } from "#lib/domain/review.ts";
import { parseDiff } from "./parse-diff.ts";
import { placeThreads, threadsOf } from "./threads.ts";

const finding = {
  id: "f-1",
  file: "a.ts",
  lines: [1, 2],
  severity: "major",
  category: "tests",
  claim: "No test",
  evidence: "",
};
const report = {
  role: "peer-reviewer",
  verdict: "changes",
  summary: "",
  findings: [finding],
  responses: [],
  earlier: [],
};
const answer = {
  role: "tech-lead",
  verdict: "approve",
  summary: "",
  findings: [],
  responses: [{ finding: "f-1", stance: "fixed", reason: "Now there is" }],
  earlier: [],
};
const left = {
  id: "1/f-9",
  file: "gone.ts",
  lines: null,
  severity: "minor",
  claim: "Still",
  by: "peer-reviewer",
  reason: "",
};
const review = {
  number: 2,
  parts: [{ reports: [report] }, { reports: [answer] }],
  uncounted: [],
  earlier: [
    { ...left, state: "open" },
    { ...left, id: "1/f-8", state: "resolved" },
  ],
} as unknown as Review;
const comment: CommentView = {
  id: "c-1",
  file: "a.ts",
  line: 1,
  side: "old",
  text: "Why?",
  by: "Ada",
  at: "",
  status: "open",
};
const told = { reviews: [review], sitting: null };
const diff = "diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n-one\n+uno\n two\n";

it("[U200] the newest council's findings carry their answers, and what is still open from before is among them", () => {
  const threads = threadsOf({ ...told, comments: [comment] });
  expect(threads.map(({ id }) => id)).toEqual(["2/f-1", "1/f-9", "c-1"]);
  expect(threads[0]).toMatchObject({
    by: "peer-reviewer",
    answers: [{ role: "tech-lead", stance: "fixed" }],
  });
});

it("[U201] a thread stands below its line, on its side; what has none in the diff stands apart", () => {
  const threads = threadsOf({ ...told, comments: [comment, { ...comment, id: "c-2", line: 40 }] });
  const { below, apart } = placeThreads(threads, parseDiff(diff)[0]?.lines ?? null);
  const at = [...below].map(([index, each]) => [index, each.map(({ id }) => id)]);
  expect(at).toEqual([
    [3, ["2/f-1"]],
    [1, ["c-1"]],
  ]);
  expect(apart.map(({ id }) => id)).toEqual(["1/f-9", "c-2"]);
  expect(placeThreads(threads, null).apart).toHaveLength(threads.length);
});

it("[U204] a council that sits, or came to no verdict, has its findings on the diff too", () => {
  const nothing = {
    ...review,
    parts: [],
    earlier: [],
    uncounted: [{ part: "examination", reports: [report] }],
  };
  const idsOf = (detail: object) =>
    threadsOf({ sitting: null, comments: [], ...detail } as unknown as Parameters<typeof threadsOf>[0]).map(
      ({ id }) => id,
    );
  expect(idsOf({ reviews: [nothing] })).toEqual(["2/f-1"]);
  const spoken = { ...report, earlier: [{ finding: "2/f-1", state: "resolved", reason: "" }], findings: [] };
  const sitting = {
    number: 3,
    parts: [],
    uncounted: [],
    carried: [
      { ...left, id: "2/f-1" },
      { ...left, id: "2/f-2" },
    ],
  };
  expect(idsOf({ reviews: [review], sitting })).toEqual(["2/f-1", "2/f-2"]);
  const heard = { ...sitting, parts: [{ reports: [spoken] }] };
  expect(idsOf({ reviews: [review], sitting: heard })).toEqual(["2/f-2"]);
});
