import fc from "fast-check";
import { expect, it } from "vitest";
import { type ItemId, parseItemId } from "./ids.ts";
import { blockersOf, describeUnready, downstreamOf, type Item, unready } from "./item.ts";

function item(id: string, change: Partial<Item> & { blockedBy?: readonly string[]; in?: string } = {}): Item {
  const { blockedBy = [], in: parent, ...rest } = change;
  return {
    id: parseItemId(id),
    title: id,
    status: "open",
    priority: 2,
    type: "task",
    description: "",
    design: "",
    acceptance: "",
    notes: "",
    assignee: null,
    labels: [],
    parent: parent === undefined ? null : parseItemId(parent),
    dependencies: blockedBy.map((to) => ({ from: parseItemId(id), to: parseItemId(to), kind: "blocks" })),
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    closedAt: null,
    closeReason: null,
    ...rest,
  };
}

const mapOf = (items: readonly Item[]): ReadonlyMap<ItemId, Item> =>
  new Map(items.map((each) => [each.id, each]));

it("[I1] every blocker has to be closed: AND, never OR", () => {
  const items = [item("a", { blockedBy: ["b", "c"] }), item("b", { status: "closed" }), item("c")];
  expect(blockersOf(items[0]!, mapOf(items))).toEqual(["c"]);
});

it("[I2] a blocked ancestor holds its descendants back", () => {
  const items = [
    item("e", { blockedBy: ["b"] }),
    item("e.1", { in: "e" }),
    item("e.1.1", { in: "e.1" }),
    item("b"),
  ];
  expect(blockersOf(items[2]!, mapOf(items))).toEqual(["b"]);
});

it("[I3] dependencies of other kinds, and to items that are unknown, hold nothing back", () => {
  const related = { from: parseItemId("a"), to: parseItemId("b"), kind: "related" };
  const items = [item("a", { dependencies: [related] }), item("b"), item("c", { blockedBy: ["nowhere"] })];
  expect(blockersOf(items[0]!, mapOf(items))).toEqual([]);
  expect(blockersOf(items[2]!, mapOf(items))).toEqual([]);
});

it("[I4] why an item cannot be started is told in words", () => {
  const items = [
    item("a"),
    item("b", { status: "closed" }),
    item("c", { type: "epic" }),
    item("d", { assignee: "grace" }),
    item("e", { status: "in_progress" }),
    item("f", { blockedBy: ["a", "d"] }),
    item("g", { status: "deferred" }),
  ];
  const ready = new Set([parseItemId("a")]);
  const told = items.map((each) => {
    const why = unready(each, ready, mapOf(items));
    return why && describeUnready(why);
  });
  expect(told).toEqual([
    null,
    "closed",
    "epic",
    "assigned to grace",
    "in progress",
    "blocked by a, d",
    "not ready (deferred)",
  ]);
});

const ids = Array.from({ length: 9 }, (_, n) => `n${String(n)}`);
/** Any graph, circles included: trackers do not always prevent them. */
const anyBacklog = fc.tuple(
  ...ids.map((id) =>
    fc
      .record({
        blockedBy: fc.subarray(ids),
        parent: fc.constantFrom(null, ...ids),
        status: fc.constantFrom("open", "in_progress", "closed"),
      })
      .map(({ blockedBy, parent, status }) =>
        item(id, { blockedBy, status, ...(parent === null ? {} : { in: parent }) }),
      ),
  ),
);

it("[I5] in any graph the search ends, and blockers are open items", () => {
  fc.assert(
    fc.property(anyBacklog, (items) => {
      const all = mapOf(items);
      for (const each of items) {
        const blockers = blockersOf(each, all);
        expect(new Set(blockers).size).toBe(blockers.length);
        for (const blocker of blockers) expect(all.get(blocker)?.status).not.toBe("closed");
      }
    }),
  );
});

it("[I6] the weight of an item is what a plain walk over open dependents counts", () => {
  fc.assert(
    fc.property(anyBacklog, (items) => {
      for (const start of items) {
        const reached = new Set<string>();
        for (let size = -1; size !== reached.size;) {
          size = reached.size;
          for (const each of items) {
            if (each.status === "closed") continue;
            if (each.dependencies.some(({ to }) => to === start.id || reached.has(to))) reached.add(each.id);
          }
        }
        expect(downstreamOf(start.id, items)).toBe(reached.size);
      }
    }),
  );
});
