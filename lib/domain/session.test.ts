import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failures } from "./failure.ts";
import { parseObjectId } from "./ids.ts";
import {
  canBeStale,
  groupOf,
  isOpen,
  isReplaceable,
  isWorking,
  queued,
  type SessionEvent,
  type SessionState,
  type SessionStatus,
  transitionSession,
} from "./session.ts";

const [base, head, commit] = ["a", "b", "c"].map((digit) => parseObjectId(digit.repeat(40))) as [
  ReturnType<typeof parseObjectId>,
  ReturnType<typeof parseObjectId>,
  ReturnType<typeof parseObjectId>,
];
const failure = { reason: "agent-killed", detail: "" } as const;

const ofRun = [
  "preparing",
  "running",
  "waiting",
  "completed",
  "reviewing",
  "rejected",
  "stopped",
  "interrupted",
] as const;

const overrule = { verdict: "approved", by: "Ada", reason: "Out of scope", at: "", head } as const;

const states: Readonly<Record<SessionStatus, SessionState>> = {
  queued,
  ...(Object.fromEntries(ofRun.map((status) => [status, { status }])) as Record<
    (typeof ofRun)[number],
    SessionState
  >),
  failed: { status: "failed", failure },
  approved: { status: "approved", base, head },
  outdated: { status: "outdated", base, head, why: "a.txt changed on the base" },
  merging: { status: "merging", base, head },
  merged: { status: "merged", commit, byHand: false },
};
const statuses = Object.keys(states) as SessionStatus[];

const events = {
  "run-moved": { kind: "run-moved", status: "running" },
  "run-failed": { kind: "run-failed", failure },
  "run-approved": { kind: "run-approved", base, head },
  "approved by a person": { kind: "overruled", base, overrule },
  "rejected by a person": { kind: "overruled", base, overrule: { ...overrule, verdict: "rejected" } },
  outdated: { kind: "outdated", why: "b.txt changed on the base" },
  refreshed: { kind: "refreshed" },
  "merge-started": { kind: "merge-started" },
  "merge-returned": { kind: "merge-returned" },
  "merge-conflicted": { kind: "merge-conflicted", files: ["a.txt", "b.txt"] },
  merged: { kind: "merged", commit, byHand: false },
  "merged by hand": { kind: "merged", commit, byHand: true },
} as const satisfies Record<string, SessionEvent>;

/** The whole table: which event moves which states where. Every pair that is not here is refused. */
const rows: readonly {
  id: string;
  event: keyof typeof events;
  from: readonly SessionStatus[];
  to: SessionStatus;
}[] = [
  { id: "S1", event: "run-moved", from: except("merging", "merged"), to: "running" },
  { id: "S2", event: "run-failed", from: except("merging", "merged"), to: "failed" },
  { id: "S3", event: "run-approved", from: except("merging", "merged"), to: "approved" },
  { id: "S4", event: "outdated", from: ["approved"], to: "outdated" },
  { id: "S5", event: "refreshed", from: ["outdated"], to: "approved" },
  { id: "S6", event: "merge-started", from: ["approved"], to: "merging" },
  { id: "S7", event: "merge-returned", from: ["merging"], to: "approved" },
  { id: "S8", event: "merge-conflicted", from: ["merging"], to: "failed" },
  { id: "S9", event: "merged", from: ["merging"], to: "merged" },
  { id: "S200", event: "approved by a person", from: ["rejected"], to: "approved" },
  { id: "S201", event: "rejected by a person", from: ["approved"], to: "rejected" },
  { id: "S10", event: "merged by hand", from: except("merged"), to: "merged" },
];

function except(...left: readonly SessionStatus[]): SessionStatus[] {
  return statuses.filter((status) => !left.includes(status));
}

describe.each(rows)("[$id] $event", ({ event, from, to }) => {
  it.each(from)(`moves a session from %s to ${to}`, (status) => {
    const result = transitionSession(states[status], events[event]);
    expect("state" in result && result.state.status).toBe(to);
  });

  it.each(except(...from))("is refused while %s, and says so", (status) => {
    const result = transitionSession(states[status], events[event]);
    expect("rejected" in result && result.rejected).toContain(`${events[event].kind} while ${status}: `);
  });
});

it("[S11] an approval keeps the change that it is about through outdating, landing and return", () => {
  const walk: SessionEvent[] = [
    events.outdated,
    events.refreshed,
    events["merge-started"],
    events["merge-returned"],
  ];
  let state = states.approved;
  for (const event of walk) {
    const result = transitionSession(state, event);
    expect(result).toMatchObject({ state: { base, head } });
    if ("state" in result) state = result.state;
  }
  expect(state).toEqual(states.approved);
});

it("[S12] a conflict names its files, and a person decides what follows", () => {
  const result = transitionSession(states.merging, events["merge-conflicted"]);
  expect(result).toEqual({
    state: { status: "failed", failure: { reason: "merge-conflict", detail: "a.txt\nb.txt" } },
  });
  expect(failures["merge-conflict"].remedy).toBe("person");
});

it("[S13] every status has its place: holding its item, replaceable, using a slot, able to go stale", () => {
  expect(statuses.filter((status) => !isOpen(status))).toEqual(["stopped", "merged"]);
  expect(statuses.filter(isReplaceable)).toEqual(["rejected", "stopped", "interrupted", "failed"]);
  expect(statuses.filter(isWorking)).toEqual(["preparing", "running", "completed", "reviewing"]);
  expect(statuses.filter(canBeStale)).toEqual(["running", "reviewing"]);
});

it("[S14] the four groups of the status; an open question comes first", () => {
  const grouped = Object.fromEntries(statuses.map((status) => [status, groupOf(status, 0)]));
  expect(grouped).toEqual({
    queued: "active",
    preparing: "active",
    running: "active",
    merging: "active",
    waiting: "questions",
    completed: "awaiting-review",
    reviewing: "awaiting-review",
    outdated: "awaiting-review",
    approved: "ready-to-merge",
    rejected: null,
    failed: null,
    interrupted: null,
    stopped: null,
    merged: null,
  });
  for (const status of except("merged")) expect(groupOf(status, 1)).toBe("questions");
  expect(groupOf("merged", 1)).toBeNull();
});

/** A model of what may never happen, whatever order events come in. */
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constantFrom(...Object.values(events)),
  fc.constantFrom(...ofRun).map((status): SessionEvent => ({ kind: "run-moved", status })),
);

it("[S15] in any order of events work lands only from an approval of exactly this change, and once", () => {
  let landings = 0;
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 20, maxLength: 60, size: "max" }), (walk) => {
      let state: SessionState = queued;
      let approved = false;
      for (const event of walk) {
        const before = state;
        const result = transitionSession(state, event);
        if ("rejected" in result) continue;
        state = result.state;
        expect(before.status).not.toBe("merged");
        if (event.kind === "run-approved") approved = true;
        if (event.kind === "overruled") approved = event.overrule.verdict === "approved";
        if (event.kind === "run-moved" || event.kind === "run-failed") approved = false;
        if (state.status === "merging") expect(approved && before.status === "approved").toBe(true);
        if (state.status === "approved" || state.status === "outdated") expect(approved).toBe(true);
        if (state.status === "merged" && !state.byHand) {
          expect(before.status).toBe("merging");
          landings += 1;
        }
      }
    }),
    { numRuns: 2000 },
  );
  expect(landings).toBeGreaterThan(0);
});

it("[S202] a person approves a council without a verdict, and nothing that failed for another reason", () => {
  const noVerdict: SessionState = { status: "failed", failure: { reason: "no-verdict", detail: "" } };
  const approved = transitionSession(noVerdict, events["approved by a person"]);
  expect(approved).toEqual({ state: { status: "approved", base, head, overrule } });
  expect(transitionSession(states.failed, events["approved by a person"])).toEqual({
    rejected: expect.stringContaining("no council"),
  });
});

it("[S203] a person's decision is about one head, goes along to the landing, and ends with the next council", () => {
  const other = {
    ...events["rejected by a person"],
    overrule: { ...overrule, verdict: "rejected", head: base },
  };
  expect(transitionSession(states.approved, other as SessionEvent)).toEqual({
    rejected: expect.stringContaining("another change"),
  });
  const held: SessionState = { status: "approved", base, head, overrule };
  for (const event of [events.outdated, events["merge-started"]]) {
    expect(transitionSession(held, event)).toMatchObject({ state: { overrule } });
  }
  const again = transitionSession(held, events["run-approved"]);
  expect("state" in again && "overrule" in again.state).toBe(false);
});
