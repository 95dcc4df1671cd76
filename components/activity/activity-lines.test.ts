import { expect, test } from "vitest";
import { joined } from "#components/live/use-activity.ts";
import type { ActivityView } from "#lib/contract/wire.ts";
import { isPersonsName } from "#lib/domain/actor.ts";
import { activityLines } from "./activity-lines.ts";

const fact = (seq: number, at = "2026-01-01T10:00:00Z"): ActivityView => {
  return { seq, at, name: "merge:landed", repository: null, session: null, actor: "mira", text: "" };
};

test("[U104] what happens stands above what is known, and a hole lets go of what lies behind it", () => {
  const seqs = (facts: readonly ActivityView[] = []) => facts.map(({ seq }) => seq);
  const first = joined(null, [fact(3), fact(4)]);
  expect([seqs(first.live), first.next]).toEqual([[4, 3], 3]);
  expect(joined(first, [fact(3), fact(4)])).toBe(first);
  const scrolled = { ...first, past: [fact(1)], next: null };
  expect(joined(scrolled, [fact(4), fact(5)])).toMatchObject({
    live: [{ seq: 5 }, {}, {}],
    past: [{ seq: 1 }],
    next: null,
  });
  expect(joined(scrolled, [fact(8), fact(9)])).toEqual({ live: [fact(9), fact(8)], past: [], next: 8 });
  expect(joined(null, [fact(1)]).next).toBeNull();
});

test("[U105] the activity has a line above each day, and says where it goes on", () => {
  const facts = [fact(3, "2026-01-02T01:00:00Z"), fact(2, "2026-01-01T23:00:00Z"), fact(1)];
  const lines = activityLines(facts, true, (at) => at.slice(0, 10));
  expect(lines.map((line) => (line.kind === "fact" ? line.fact.seq : line.kind))).toEqual([
    "day",
    3,
    "day",
    2,
    1,
    "earlier",
  ]);
  expect(activityLines([], false, (at) => at)).toEqual([]);
  expect(["mira", "Serverin"].every(isPersonsName)).toBe(true);
  expect(["git", "server", "session-bd-1-abc123", "amplify/session-bd-1-abc123"].some(isPersonsName)).toBe(
    false,
  );
});
