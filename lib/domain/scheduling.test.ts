import fc from "fast-check";
import { expect, it } from "vitest";
import { parseItemId, parseSessionId } from "./ids.ts";
import type { Item } from "./item.ts";
import { chooseAgentType, freeSlots, planDispatch } from "./scheduling.ts";

function item(id: string, change: Partial<Item> = {}): Item {
  return {
    id: parseItemId(id),
    title: `Title of ${id}`,
    status: "open",
    priority: 2,
    type: "task",
    description: "",
    design: "",
    acceptance: "",
    notes: "",
    assignee: null,
    labels: [],
    parent: null,
    dependencies: [],
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    closedAt: null,
    closeReason: null,
    ...change,
  };
}

const allReady = (items: readonly Item[]) => new Set(items.map(({ id }) => id));

it("[DP1] the agent type is what was asked for, else a label, else a rule, else the default; the reason is told", () => {
  const rules = [
    { type: "db", label: "schema" },
    { type: "ui", title: "Button" },
  ];
  const labelled = item("bd-1", { labels: ["schema", "agent:backend"] });
  expect(chooseAgentType(labelled, "ops", rules)).toEqual({ type: "ops", why: "asked for" });
  expect(chooseAgentType(labelled, null, rules)).toEqual({ type: "backend", why: "label agent:backend" });
  expect(chooseAgentType(item("bd-1", { labels: ["schema"] }), null, rules)).toEqual({
    type: "db",
    why: "rule for label schema",
  });
  expect(chooseAgentType(item("bd-1", { title: "A new BUTTON" }), null, rules)).toEqual({
    type: "ui",
    why: 'rule for titles with "Button"',
  });
  expect(chooseAgentType(item("bd-1"), null, rules).type).toBe("default");
});

it("[DP7] a rule for a path fits an item whose texts name one, whatever else is written there", () => {
  const rules = [
    { type: "db", path: "migrations/**" },
    { type: "docs", path: "*.md" },
    { type: "web", path: "web" },
  ];
  const chosen = (change: Partial<Item>) => chooseAgentType(item("bd-1", change), null, rules);
  expect(chosen({ description: "Add a column (see migrations/0042_users.sql)." })).toEqual({
    type: "db",
    why: "rule for migrations/**, and it names migrations/0042_users.sql",
  });
  expect(chosen({ acceptance: "`docs/setup.md` says so" }).type).toBe("docs");
  expect(chosen({ title: "Mend web/button.tsx" }).type).toBe("web");
  expect(chosen({ title: "Make the web faster", description: "Mend it. And more." }).type).toBe("default");
});

it("[DP2] the most urgent and then the oldest item goes first", () => {
  const items = [
    item("bd-1", { priority: 3 }),
    item("bd-2", { priority: 0, createdAt: "2026-01-02T00:00:00Z" }),
    item("bd-3", { priority: 0, createdAt: "2026-01-01T00:00:00Z" }),
  ];
  const plan = planDispatch({ items, ready: allReady(items), sessions: [], label: null });
  expect(plan.dispatch.map(({ id }) => id)).toEqual(["bd-3", "bd-2", "bd-1"]);
});

it("[DP3] every open item that is passed over comes with its reason", () => {
  const session = parseSessionId("session-bd-5-abc123");
  const items = [
    item("bd-1", { type: "epic" }),
    item("bd-2", { assignee: "grace" }),
    item("bd-3", { dependencies: [{ from: parseItemId("bd-3"), to: parseItemId("bd-2"), kind: "blocks" }] }),
    item("bd-4", { status: "deferred" }),
    item("bd-5"),
    item("bd-6", { status: "closed" }),
  ];
  const ready = new Set(["bd-1", "bd-2", "bd-3", "bd-5"].map(parseItemId));
  const plan = planDispatch({
    items,
    ready,
    sessions: [{ session, item: parseItemId("bd-5"), status: "running" }],
    label: null,
  });
  expect(plan.dispatch).toEqual([]);
  expect(plan.skipped.map(({ item: { id }, why }) => [id, why])).toEqual([
    ["bd-1", { kind: "epic" }],
    ["bd-2", { kind: "assigned", to: "grace" }],
    ["bd-3", { kind: "blocked", by: ["bd-2"] }],
    ["bd-4", { kind: "not-ready", status: "deferred" }],
    ["bd-5", { kind: "has-session", session }],
  ]);
});

it("[DP4] a label narrows the plan, and items of other projects are not even mentioned", () => {
  const items = [item("bd-1", { labels: ["project:auth"] }), item("bd-2")];
  const plan = planDispatch({ items, ready: allReady(items), sessions: [], label: "project:auth" });
  expect(plan).toEqual({ dispatch: [items[0]], skipped: [] });
});

it("[DP5] slots are used by working sessions alone", () => {
  const sessions = (["queued", "preparing", "running", "waiting", "reviewing", "approved"] as const).map(
    (status) => ({ status }),
  );
  expect(freeSlots(sessions, 5)).toBe(2);
  expect(freeSlots(sessions, 1)).toBe(0);
});

it("[DP6] whatever the backlog, each item of it is dispatched, passed over with a reason, or closed: once", () => {
  const ids = Array.from({ length: 8 }, (_, n) => `bd-${String(n)}`);
  const anyItem = (id: string) =>
    fc
      .record({
        status: fc.constantFrom("open", "in_progress", "blocked", "deferred", "closed"),
        type: fc.constantFrom("task", "bug", "epic", "milestone"),
        assignee: fc.constantFrom(null, "grace"),
        priority: fc.integer({ min: 0, max: 4 }),
        blockers: fc.subarray(ids),
        parent: fc.constantFrom(null, ...ids),
      })
      .map(({ blockers, parent, ...rest }) =>
        item(id, {
          ...rest,
          parent: parent === null ? null : parseItemId(parent),
          dependencies: blockers.map((to) => ({
            from: parseItemId(id),
            to: parseItemId(to),
            kind: "blocks",
          })),
        }),
      );
  fc.assert(
    fc.property(fc.tuple(...ids.map(anyItem)), fc.subarray(ids), (items, ready) => {
      const plan = planDispatch({
        items,
        ready: new Set(ready.map(parseItemId)),
        sessions: [],
        label: null,
      });
      const told = [...plan.dispatch, ...plan.skipped.map((each) => each.item)].map(({ id }) => id);
      const open = items.filter(({ status }) => status !== "closed").map(({ id }) => id);
      expect([...told].sort()).toEqual(open.sort());
      for (const each of plan.dispatch) {
        expect([each.assignee, ready.includes(each.id), each.status === "in_progress"]).toEqual([
          null,
          true,
          false,
        ]);
      }
    }),
  );
});
