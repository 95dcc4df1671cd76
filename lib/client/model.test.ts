import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fact, FollowAnswer, ItemView, Snapshot } from "#lib/contract/wire.ts";
import { parseItemId, parseRepositoryId } from "#lib/domain/ids.ts";
import { Follower } from "./follower.ts";
import type { Model } from "./model.ts";
import { fromSnapshot, withFacts } from "./model.ts";

const repository = parseRepositoryId("0123456789abcdef");
const at = "2026-11-23T10:00:00.000Z";

function item(id: number, revision: number, status: string): ItemView {
  return {
    id: parseItemId(`bd-${String(id)}`),
    repository,
    title: `revision ${String(revision)}`,
    type: "task",
    status,
    priority: 2,
    labels: [],
    assignee: null,
    parent: null,
    blockedBy: [],
    unready: null,
    downstream: 0,
    updatedAt: at,
  };
}

const empty: Snapshot = {
  seq: 0,
  me: {
    id: "owner",
    name: "mara",
    role: "owner",
    device: null,
    instance: "i",
    version: "0",
    place: { url: "http://127.0.0.1:4747", reach: "machine", isInsecure: false },
    refused: {},
    lands: null,
  },
  repositories: [],
  sessions: [],
  questions: [],
  items: [],
  landings: [],
  overlaps: [],
  loops: [],
  recent: [],
};

/** What may happen: an item is new or different, is closed, or is gone. */
const happening = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  what: fc.constantFrom("open", "closed", "gone"),
});
const history = fc.array(happening, { minLength: 1, maxLength: 40 }).map((list) =>
  list.map(({ id, what }, index): Fact => ({
    seq: index + 1,
    at,
    name: "backlog:changed",
    repository,
    session: null,
    actor: "mara",
    text: "",
    changes:
      what === "gone"
        ? { removedItems: [{ repository, id: parseItemId(`bd-${String(id)}`) }] }
        : { items: [item(id, index, what)] },
  })),
);

function snapshotAt(facts: readonly Fact[], seq: number): Snapshot {
  const model = withFacts(fromSnapshot(empty), facts.slice(0, seq));
  return { ...empty, seq, items: [...model.items.values()], recent: [...model.recent] };
}

/** The order in which a map was filled says nothing. */
function plain({ items, recent, seq }: Model) {
  return {
    seq,
    items: [...items].sort(([a], [b]) => (a < b ? -1 : 1)),
    recent: recent.map((fact) => fact.seq),
  };
}

test("[U1] applying a fact twice changes nothing", () => {
  fc.assert(
    fc.property(history, (facts) => {
      const once = withFacts(fromSnapshot(empty), facts);
      expect(withFacts(once, facts)).toBe(once);
    }),
  );
});

/** What the line does between two facts of the server. */
const trouble = fc.array(
  fc.record({
    /** The push of this fact is lost, comes twice, or comes as it should. */
    push: fc.constantFrom("fine", "fine", "fine", "lost", "twice"),
    reconnects: fc.boolean(),
    /** The server no longer knows what was missed. */
    forgets: fc.boolean(),
    /** How many facts happen while the answer to `follow` is on its way. */
    late: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 41, maxLength: 41 },
);

test("[U2] however the line is cut, the model ends as if it had never been", async () => {
  await fc.assert(
    fc.asyncProperty(history, trouble, async (facts, troubles) => {
      let happened = 0;
      let forgets = false;
      let asked: { since: number | null; answer: (answer: FollowAnswer) => void } | null = null;
      let last: Model | null = null;
      const follower = new Follower(
        (since) => new Promise((answer) => (asked = { since, answer })),
        (model) => (last = model),
      );
      const settle = async () => {
        // A gap may make the follower ask again by itself.
        for (let round = 0; asked !== null && round < 5; round++) {
          const { since, answer } = asked;
          asked = null;
          answer(
            since === null || forgets
              ? { kind: "snapshot", snapshot: snapshotAt(facts, happened) }
              : { kind: "facts", facts: facts.slice(since, happened) },
          );
          await new Promise(setImmediate);
        }
      };
      void follower.catchUp();
      await settle();
      for (let index = 0; happened < facts.length; index++) {
        const now = troubles[index % troubles.length]!;
        const fact = facts[happened++]!;
        if (now.push !== "lost") follower.take([fact]);
        if (now.push === "twice") follower.take([fact]);
        if (now.reconnects) {
          forgets = now.forgets;
          void follower.catchUp();
          for (let late = 0; late < now.late && happened < facts.length; late++)
            follower.take([facts[happened++]!]);
        }
        await settle();
      }
      void follower.catchUp();
      await settle();
      expect(plain(last!)).toEqual(plain(withFacts(fromSnapshot(empty), facts)));
    }),
    { numRuns: 300 },
  );
});

test("[U3] a hole between pushed facts is asked for, and the push waits for the answer", async () => {
  const facts = [1, 2, 3].map((seq): Fact => ({
    seq,
    at,
    name: "backlog:changed",
    repository,
    session: null,
    actor: "a",
    text: "",
    changes: { items: [item(seq, seq, "open")] },
  }));
  const asked: (number | null)[] = [];
  const follower = new Follower(
    (since) => {
      asked.push(since);
      return Promise.resolve(
        since === null ? { kind: "snapshot", snapshot: empty } : { kind: "facts", facts: facts.slice(since) },
      );
    },
    () => undefined,
  );
  await follower.catchUp();
  follower.take([facts[2]!]);
  await new Promise(setImmediate);
  expect(asked).toEqual([null, 0]);
  expect(follower.model?.items.size).toBe(3);
});

test("[V19] a repository that was removed takes with it what belongs to it, and nothing else", () => {
  const other = parseRepositoryId("fedcba9876543210");
  const view = {
    name: "shop",
    root: "/shop",
    base: "main",
    source: "backlog",
    problem: null,
    alarms: [],
  } as const;
  const model = fromSnapshot({
    ...empty,
    repositories: [
      { ...view, id: repository, alarms: [] },
      { ...view, id: other, alarms: [] },
    ],
    items: [item(1, 1, "open"), { ...item(2, 1, "open"), repository: other }],
  });
  const fact: Fact = {
    seq: 1,
    at,
    name: "repository:removed",
    repository,
    session: null,
    actor: "mara",
    text: "",
    changes: { removedRepositories: [repository] },
  };
  const next = withFacts(model, [fact]);
  expect([...next.repositories.keys()]).toEqual([other]);
  expect([...next.items.values()].map(({ id }) => id)).toEqual(["bd-2"]);
});
