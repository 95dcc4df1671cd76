import { expect, test } from "vitest";
import { columnNames, columnOf, columnsOf, inUrgency, keepColumns, keyOfCard } from "./columns.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { items, sessionOf, sessions } from "#e2e/fakes/dashboard/sessions.ts";

test("[U19] every piece of work stands in exactly one column", () => {
  const columns = columnsOf(items, sessions);
  const keys = columnNames.flatMap((name) => columns[name].map(keyOfCard));
  expect(new Set(keys).size).toBe(keys.length);
  const epics = items.filter(({ unready }) => unready === "epic").length;
  const held = items.filter(({ id }) => sessions.some(({ item }) => item.id === id)).length;
  expect(keys).toHaveLength(sessions.length + items.length - epics - held);
});

test("[U20] whatever waits for a person stands under Needs you, questions first", () => {
  const column = columnsOf(items, sessions)["Needs you"];
  const standing = column.map((card) => (card.kind === "session" ? card.session.item.id : ""));
  expect(standing.slice(0, 2)).toEqual(["bd-pay.2", "bd-auth.5"]);
  expect(new Set(standing)).toEqual(
    new Set(["bd-pay.2", "bd-auth.5", "bd-search.2", "bd-mail.1", "bd-ops.1", "bd-cache.1"]),
  );
});

test("[U21] a stopped session gives its place back to an item that is ready again", () => {
  const stopped = sessionOf("bd-ui.3");
  const item = { ...items[0]!, id: stopped.item.id, unready: null };
  expect(columnsOf([item], [stopped]).Ready).toHaveLength(1);
  expect(columnsOf([{ ...item, unready: "assigned to amplify" }], [stopped]).Ready).toHaveLength(0);
});

test("[U22] a re-dispatched item is shown by its newest session", () => {
  const old = sessionOf("bd-ops.1");
  const young: SessionView = {
    ...sessionOf("bd-search.1"),
    item: old.item,
    createdAt: new Date().toISOString(),
  };
  const columns = columnsOf([], [old, young]);
  expect(columns.Running).toHaveLength(1);
  expect(columns["Needs you"]).toHaveLength(0);
  expect(columnOf(young)).toBe("Running");
});

test("[U40] a sign of life changes the column of its session, and no other", () => {
  const before = columnsOf(inUrgency(items), sessions);
  const alive = sessionOf("bd-auth.3");
  const pulsed = sessions.map((session) =>
    session === alive ? { ...alive, evidence: { ...alive.evidence } } : session,
  );
  const after = keepColumns(before, columnsOf(inUrgency(items), pulsed));
  expect(columnNames.filter((name) => after[name] !== before[name])).toEqual(["Running"]);
});

test("[U41] a board of one repository holds nothing of another", () => {
  const elsewhere = items.map((item) => ({
    ...item,
    repository: "0000000000000000" as typeof item.repository,
  }));
  const columns = columnsOf([...items, ...elsewhere], sessions, items[0]!.repository);
  expect(columns).toEqual(columnsOf(items, sessions));
});
