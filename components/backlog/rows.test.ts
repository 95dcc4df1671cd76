import { expect, test } from "vitest";
import { items, sessions } from "#e2e/fakes/dashboard/sessions.ts";
import { rowsOf } from "./rows.ts";

const all = { view: "all", text: "", label: "" } as const;

test("[U29] every item has one row, below its parent, also where parents run in a circle", () => {
  const rows = rowsOf(items, sessions, all);
  expect(new Set(rows.map(({ item }) => item.id)).size).toBe(items.length);
  const epic = rows.findIndex(({ item }) => item.id === "bd-auth");
  expect(rows[epic + 1]).toMatchObject({ depth: 1, item: { parent: "bd-auth" } });
  const [one, two] = [items[0]!, items[1]!];
  const circle = [
    { ...one, parent: two.id },
    { ...two, parent: one.id },
  ];
  expect(rowsOf(circle, [], all)).toHaveLength(2);
});

test("[U30] ready, blocked and in work divide what is no container", () => {
  const count = (view: "ready" | "blocked" | "in work") => rowsOf(items, sessions, { ...all, view }).length;
  const containers = items.filter(({ unready }) => unready === "epic").length;
  expect(count("ready") + count("blocked") + count("in work")).toBe(items.length - containers);
});
