import { expect, it } from "vitest";
import { parseObjectId } from "#lib/domain/ids.ts";
import { reviewProblem } from "./approval.ts";

const [base, head, other] = ["a", "b", "c"].map((digit) => parseObjectId(digit.repeat(40)));
const review = {
  round: 0,
  verdict: "approved",
  by: "consensus",
  reason: null,
  base,
  head,
  parts: [],
  startedAt: "2026-01-01T00:00:00Z",
  endedAt: "2026-01-01T00:01:00Z",
  costUsd: 0,
};
const approval = { base: base!, head: head! };

it("[M46] a review counts only where it fits the schema, approves, and is about exactly this change", () => {
  expect(reviewProblem(review, approval)).toBeNull();
  for (const verdict of ["rejected", "no-verdict", "APPROVED", null]) {
    expect(reviewProblem({ ...review, verdict }, approval)).not.toBeNull();
  }
  expect(reviewProblem({ ...review, by: null }, approval)).not.toBeNull();
  expect(reviewProblem({ ...review, head: other }, approval)).toBe("it is about another change");
  expect(reviewProblem({ ...review, base: other }, approval)).toBe("it is about another change");
  for (const content of [null, "approved", [], {}, { verdict: "approved", base, head }]) {
    expect(reviewProblem(content, approval)).toBe("review.json is not a review");
  }
});
