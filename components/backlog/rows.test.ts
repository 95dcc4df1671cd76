import fc from "fast-check";
import { expect, test } from "vitest";
import { items, sessions } from "#e2e/fakes/dashboard/sessions.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import { byUrgency, orderedItems } from "./ordered-items.ts";
import { rowMaker } from "./rows.ts";

const all = { view: "all", text: "", label: "" } as const;
const keyOf = ({ repository, id }: ItemView) => `${repository}/${id}`;
const held = new Set(
  sessions
    .filter(({ status }) => status !== "merged" && status !== "stopped")
    .map(({ repository, item }) => `${repository}/${item.id}`),
);

test("[U29] every item has one row, below its parent, also where parents run in a circle", () => {
  const rows = rowMaker()(items, held, all);
  expect(new Set(rows.map(({ item }) => item.id)).size).toBe(items.length);
  const epic = rows.findIndex(({ item }) => item.id === "bd-auth");
  expect(rows[epic + 1]).toMatchObject({ depth: 1, item: { parent: "bd-auth" } });
  const [one, two] = [items[0]!, items[1]!];
  const circle = [
    { ...one, parent: two.id },
    { ...two, parent: one.id },
  ];
  expect(rowMaker()(circle, new Set(), all)).toHaveLength(2);
});

test("[U30] ready, blocked and in work divide what is no container", () => {
  const count = (view: "ready" | "blocked" | "in work") => rowMaker()(items, held, { ...all, view }).length;
  const containers = items.filter(({ unready }) => unready === "epic").length;
  expect(count("ready") + count("blocked") + count("in work")).toBe(items.length - containers);
});

test("[U232] a change of one item makes one new row, and every other one stays the same object", () => {
  const make = rowMaker();
  const before = make(items, held, all);
  const changed = items.map((item, index) => (index === 3 ? { ...item, title: "Other words" } : item));
  const after = make(changed, held, all);
  expect(after.filter((row, index) => row !== before[index])).toHaveLength(1);
});

test("[U233] however items change, their order is the one of sorting all of them", () => {
  const model = fc.array(
    fc.record({
      index: fc.nat({ max: 12 }),
      priority: fc.nat({ max: 4 }),
      downstream: fc.nat({ max: 3 }),
      isGone: fc.boolean(),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(model, (changes) => {
      const order = orderedItems();
      const kept = new Map<string, ItemView>();
      for (const { index, priority, downstream, isGone } of changes) {
        const item = { ...items[index % items.length]!, priority, downstream };
        if (isGone) kept.delete(keyOf(item));
        else kept.set(keyOf(item), item);
        expect(order(kept, null)).toEqual([...kept.values()].sort(byUrgency));
      }
      expect(order(kept, null)).toBe(order(new Map(kept), null));
    }),
  );
});

test("[U234] rows made from what changed are those that are made from all", () => {
  const change = fc.record({
    index: fc.nat({ max: 30 }),
    title: fc.constantFrom("Mail", "Money"),
    isReady: fc.boolean(),
    priority: fc.nat({ max: 4 }),
  });
  const filter = fc.constantFrom(all, { ...all, text: "mail" }, { ...all, view: "ready" as const });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), filter, (changes, chosen) => {
      const make = rowMaker();
      const order = orderedItems();
      const kept = new Map(items.map((item) => [keyOf(item), item]));
      for (const { index, title, isReady, priority } of changes) {
        const item = items[index % items.length]!;
        const unready = item.unready === "epic" ? "epic" : isReady ? null : "blocked";
        kept.set(keyOf(item), { ...item, title, unready, priority });
        const now = order(new Map(kept), null);
        expect(make(now, held, chosen)).toEqual(rowMaker()(now, held, chosen));
      }
    }),
  );
});
