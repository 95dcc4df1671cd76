import fc from "fast-check";
import { expect, it } from "vitest";
import { attentionOf, byWeight, type AttentionViews } from "./attention.ts";
import { parseItemId, parseQuestionId, parseRepositoryId, parseSessionId } from "./ids.ts";
import type { SessionStatus } from "./session.ts";

const repository = parseRepositoryId("0123456789abcdef");
const instantOf = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString();

type Look<Name extends "sessions" | "questions" | "landings" | "loops"> =
  AttentionViews[Name] extends Iterable<infer Each> ? Each : never;

interface World {
  readonly sessions: readonly Look<"sessions">[];
  readonly questions: readonly Look<"questions">[];
  readonly landings: readonly Look<"landings">[];
  readonly loops: readonly Look<"loops">[];
  readonly downstream: ReadonlyMap<string, number>;
}

const queueOf = ({ downstream, ...views }: World) =>
  attentionOf({ ...views, downstreamOf: (_, item) => downstream.get(item) ?? null });

function session(n: number, status: SessionStatus, more: Partial<Look<"sessions">> = {}): Look<"sessions"> {
  return {
    id: parseSessionId(`session-t-${String(n)}-abc${String(100 + n)}`),
    repository,
    item: { id: parseItemId(`t-${String(n)}`), title: `Item ${String(n)}`, labels: [] },
    status,
    since: instantOf(n),
    createdAt: instantOf(n),
    head: `head-${String(n)}`,
    reason: null,
    evidence: { derived: null, lastByteAt: null },
    ...more,
  };
}

function question(of: Look<"sessions">, downstream: number, askedAt: string): Look<"questions"> {
  return {
    session: of.id,
    repository,
    item: of.item,
    downstream,
    question: {
      id: parseQuestionId("q-1"),
      status: "open",
      prompts: [{ text: "Which?", header: "Choice", options: [], multiple: false }],
      asker: { role: "implementer", phase: "implementation", step: 1 },
      context: "",
      askedAt,
      toolUseId: null,
    },
  };
}

const statuses: readonly SessionStatus[] = [
  "queued",
  "preparing",
  "running",
  "waiting",
  "completed",
  "reviewing",
  "approved",
  "outdated",
  "rejected",
  "merging",
  "merged",
  "failed",
  "stopped",
  "interrupted",
];

const anyWorld: fc.Arbitrary<World> = fc
  .array(
    fc.record({
      status: fc.constantFrom(...statuses),
      since: fc.nat({ max: 600 }),
      asked: fc.boolean(),
      downstream: fc.nat({ max: 4 }),
      derived: fc.constantFrom(null, "stale" as const, "unknown" as const),
      code: fc.constantFrom("no-verdict", "merge-conflict", "budget-exhausted", "agent-crashed"),
    }),
    { maxLength: 12 },
  )
  .map((rows) => {
    const sessions = rows.map((row, n) =>
      session(n, row.status, {
        since: instantOf(row.since),
        reason: row.status === "failed" ? { code: row.code, text: "It failed." } : null,
        evidence: { derived: row.derived, lastByteAt: null },
      }),
    );
    return {
      sessions,
      questions: sessions.flatMap((each, n) =>
        rows[n]?.asked ? [question(each, rows[n].downstream, instantOf(rows[n].since))] : [],
      ),
      landings: [],
      loops: [],
      downstream: new Map(rows.map(({ downstream }, n) => [`t-${String(n)}`, downstream])),
    };
  });

it("[Q100] what unblocks more comes first, and of equals what has waited longer", () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const queue = queueOf(world);
      for (const [index, each] of queue.entries()) {
        const next = queue[index + 1];
        if (!next) continue;
        expect(each.unblocks).toBeGreaterThanOrEqual(next.unblocks);
        if (each.unblocks === next.unblocks) {
          expect(Date.parse(each.since)).toBeLessThanOrEqual(Date.parse(next.since));
        }
        expect(byWeight(each, next)).toBeLessThan(0);
      }
    }),
  );
});

it("[Q101] the order is the same however the views come in", () => {
  fc.assert(
    fc.property(anyWorld, fc.infiniteStream(fc.nat()), (world, numbers) => {
      const shuffled = <Each>(all: readonly Each[]) =>
        all
          .map((each) => ({ each, at: numbers.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
      const again = { ...world, sessions: shuffled(world.sessions), questions: shuffled(world.questions) };
      expect(queueOf(again)).toEqual(queueOf(world));
    }),
  );
});

it("[Q102] every open question is in it once, each session at most once besides, and nothing that goes on by itself", () => {
  const needy = new Set<SessionStatus>(["approved", "rejected", "failed", "interrupted"]);
  const working = new Set<SessionStatus>(["preparing", "running", "completed", "reviewing"]);
  fc.assert(
    fc.property(anyWorld, (world) => {
      const queue = queueOf(world);
      expect(new Set(queue.map(({ key }) => key)).size).toBe(queue.length);
      const asked = queue.filter(({ kind }) => kind === "question").map(({ session: id }) => id);
      expect(asked.sort()).toEqual(world.questions.map(({ session: id }) => id).sort());
      for (const { id, status, evidence } of world.sessions) {
        const own = queue.filter(({ session: of, kind }) => of === id && kind !== "question");
        const isDoubtful = working.has(status) && evidence.derived !== null;
        expect(own).toHaveLength(needy.has(status) || isDoubtful ? 1 : 0);
      }
    }),
  );
});

it("[Q106] a question weighs what waits behind it now, not what did when it was asked", () => {
  const [early, late] = [session(1, "waiting"), session(2, "waiting")];
  const world: World = {
    sessions: [],
    questions: [question(early, 3, instantOf(1)), question(late, 0, instantOf(2))],
    landings: [],
    loops: [],
    downstream: new Map([
      ["t-1", 0],
      ["t-2", 2],
    ]),
  };
  expect(queueOf(world).map(({ item, unblocks }) => [item.id, unblocks])).toEqual([
    ["t-2", 2],
    ["t-1", 0],
  ]);
  const unread = { ...world, downstream: new Map<string, number>() };
  expect(queueOf(unread).map(({ item, unblocks }) => [item.id, unblocks])).toEqual([
    ["t-1", 3],
    ["t-2", 0],
  ]);
});

it("[Q103] each reason has a kind of its own", () => {
  const failed = (n: number, code: string) => session(n, "failed", { reason: { code, text: "It failed." } });
  const approved = session(5, "approved");
  const kinds = queueOf({
    sessions: [
      failed(1, "no-verdict"),
      failed(2, "merge-conflict"),
      failed(3, "budget-exhausted"),
      failed(4, "agent-crashed"),
      approved,
      session(6, "approved"),
      session(7, "approved"),
      session(8, "running", { evidence: { derived: "stale", lastByteAt: instantOf(1) } }),
    ],
    questions: [],
    landings: [
      {
        session: approved.id,
        status: "gate-red",
        head: "head-5",
        message: "The gate is red.",
        startedAt: instantOf(6),
        endedAt: instantOf(7),
      },
      // What it was about has been worked on since.
      {
        session: session(7, "approved").id,
        status: "gate-red",
        head: "an older one",
        message: "The gate is red.",
        startedAt: instantOf(6),
        endedAt: instantOf(7),
      },
      {
        session: session(6, "approved").id,
        status: "checkout-in-the-way",
        head: "head-6",
        message: "A file is in the way.",
        startedAt: instantOf(8),
        endedAt: instantOf(9),
      },
    ],
    loops: [],
    downstream: new Map(),
  }).map(({ item, kind }) => [item.id, kind]);
  expect(Object.fromEntries(kinds)).toEqual({
    "t-1": "no-verdict",
    "t-2": "conflict",
    "t-3": "budget",
    "t-4": "failed",
    "t-5": "gate-red",
    "t-6": "landing-stuck",
    "t-7": "approval",
    "t-8": "stale",
  });
});

it("[Q143] a revert that was refused needs a person, until it goes through or the item is open again", () => {
  const at = (n: number) => ({ startedAt: instantOf(n), endedAt: instantOf(n + 1) });
  const landing = { session: session(1, "merged").id, status: "landed", message: "Merged to main." };
  const refused = {
    ...landing,
    kind: "revert" as const,
    status: "conflict",
    message: "Later work builds on it.",
  };
  const world: World = {
    sessions: [session(1, "merged")],
    questions: [],
    landings: [
      { ...landing, ...at(1) },
      { ...refused, ...at(3) },
    ],
    loops: [],
    downstream: new Map(),
  };
  expect(queueOf(world)).toMatchObject([
    { kind: "revert-refused", text: "Later work builds on it.", since: instantOf(4) },
  ]);
  const later = (status: string) => [...world.landings, { ...refused, status, ...at(5) }];
  for (const status of ["running", "landed", "cancelled"])
    expect(queueOf({ ...world, landings: later(status) })).toEqual([]);
  expect(queueOf({ ...world, downstream: new Map([["t-1", 0]]) })).toEqual([]);
});

it("[Q104] what a loop lands by itself needs nobody, what it parked does, and a replaced session does not", () => {
  const loop: Look<"loops"> = {
    repository,
    project: "project:auth",
    landing: "auto",
    status: "running",
    parked: [
      { item: parseItemId("t-1"), title: "Item 1", why: "It could not be dispatched." },
      { item: parseItemId("t-9"), title: "Closed", why: "It could not be dispatched." },
    ],
    startedAt: instantOf(3),
    endedAt: null,
  };
  const labelled = { id: parseItemId("t-2"), title: "Item 2", labels: ["project:auth"] };
  const world: World = {
    sessions: [
      session(2, "approved", { item: labelled }),
      session(3, "approved"),
      session(4, "failed", { item: { id: parseItemId("t-5"), title: "Again", labels: [] } }),
      session(5, "running"),
    ],
    questions: [],
    landings: [],
    loops: [loop],
    downstream: new Map([["t-1", 2]]),
  };
  expect(queueOf(world).map(({ kind, item }) => [kind, item.id])).toEqual([
    ["parked", "t-1"],
    ["approval", "t-3"],
  ]);
});
