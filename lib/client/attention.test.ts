import { expect, test } from "vitest";
import { Dashboard } from "#e2e/fakes/dashboard/dashboard.ts";
import { createAttentionReader } from "./attention.ts";
import { fromSnapshot, withPulses } from "./model.ts";

test("[U170] the inbox begins with what holds up most, and a sign of life leaves it the same object", () => {
  const read = createAttentionReader();
  const model = fromSnapshot(new Dashboard().snapshot());
  const queue = read(model);
  expect(queue.length).toBeGreaterThan(3);
  expect(queue.map(({ unblocks }) => unblocks)).toEqual(
    queue.map(({ unblocks }) => unblocks).toSorted((a, b) => b - a),
  );
  const working = [...model.sessions.values()].find(({ status }) => status === "running")!;
  const pulse = {
    session: working.id,
    evidence: { ...working.evidence, lastByteAt: new Date().toISOString() },
  };
  expect(read(withPulses(model, [pulse]))).toBe(queue);
});
