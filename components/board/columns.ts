import { needsPerson } from "#components/live/status-look.ts";
import type { ItemView, SessionView } from "#lib/contract/wire.ts";

export type Card =
  | { readonly kind: "item"; readonly item: ItemView }
  | { readonly kind: "session"; readonly session: SessionView };

export const columnNames = [
  "Blocked",
  "Ready",
  "Running",
  "Needs you",
  "In review",
  "Ready to merge",
  "Done",
] as const;
export type ColumnName = (typeof columnNames)[number];
export type Columns = Readonly<Record<ColumnName, readonly Card[]>>;

/**
 * Each piece of work in exactly one column: its newest session's, or the backlog's where it has none.
 * Narrowed to one repository, or to none with null.
 */
export function columnsOf(
  items: Iterable<ItemView>,
  sessions: Iterable<SessionView>,
  repository: string | null = null,
): Columns {
  const isMeant = (view: ItemView | SessionView) => repository === null || view.repository === repository;
  const columns: Record<ColumnName, Card[]> = {
    Blocked: [],
    Ready: [],
    Running: [],
    "Needs you": [],
    "In review": [],
    "Ready to merge": [],
    Done: [],
  };
  const newest = newestPerItem(sessions);
  for (const session of newest.values()) {
    if (!isMeant(session)) continue;
    const column = columnOf(session);
    columns[column].push({ kind: "session", session });
  }
  for (const item of items) {
    const session = newest.get(placeOf(item.repository, item.id));
    // Given up, and open again: it is the backlog's, and the session stays under Done.
    if (session && !(session.status === "stopped" && item.unready === null)) continue;
    if (item.unready === "epic" || !isMeant(item)) continue;
    columns[item.unready === null ? "Ready" : "Blocked"].push({ kind: "item", item });
  }
  for (const name of columnNames) columns[name].sort(orders[name] ?? byUrgency);
  return columns;
}

export function columnOf(session: SessionView): ColumnName {
  if (needsPerson(session)) return "Needs you";
  switch (session.status) {
    case "queued":
    case "preparing":
    case "running":
      return "Running";
    case "completed":
    case "reviewing":
    case "outdated":
      return "In review";
    case "approved":
    case "merging":
      return "Ready to merge";
    case "merged":
    case "stopped":
      return "Done";
    case "waiting":
    case "failed":
    case "rejected":
    case "interrupted":
      return "Needs you";
  }
}

function newestPerItem(sessions: Iterable<SessionView>): Map<string, SessionView> {
  const newest = new Map<string, SessionView>();
  for (const session of sessions) {
    const place = placeOf(session.repository, session.item.id);
    const other = newest.get(place);
    if (!other || other.createdAt < session.createdAt) newest.set(place, session);
  }
  return newest;
}

function placeOf(repository: string, item: string): string {
  return `${repository}/${item}`;
}

export function keyOfCard(card: Card): string {
  return card.kind === "item" ? placeOf(card.item.repository, card.item.id) : card.session.id;
}

type Order = (a: Card, b: Card) => number;

const priorityOf = (card: Card) => (card.kind === "item" ? card.item.priority : card.session.item.priority);
const sinceOf = (card: Card) => (card.kind === "item" ? card.item.updatedAt : card.session.since);
const downstreamOf = (card: Card) => (card.kind === "item" ? card.item.downstream : 0);

const byUrgency: Order = (a, b) =>
  priorityOf(a) - priorityOf(b) || downstreamOf(b) - downstreamOf(a) || compare(keyOfCard(a), keyOfCard(b));
const longestFirst: Order = (a, b) => compare(sinceOf(a), sinceOf(b));
/** A question is answered in a minute and sets a session free; the rest of what needs a person takes longer. */
const questionsFirst: Order = (a, b) => Number(hasQuestion(b)) - Number(hasQuestion(a)) || longestFirst(a, b);
const newestFirst: Order = (a, b) => compare(sinceOf(b), sinceOf(a));

/** What runs keeps its place while it runs; what waits for a person is served in order. */
const orders: Partial<Record<ColumnName, Order>> = {
  Running: (a, b) => compare(createdAtOf(a), createdAtOf(b)),
  "Needs you": questionsFirst,
  "Ready to merge": longestFirst,
  Done: newestFirst,
};

function hasQuestion(card: Card): boolean {
  return card.kind === "session" && card.session.openQuestions > 0;
}

function createdAtOf(card: Card): string {
  return card.kind === "item" ? card.item.updatedAt : card.session.createdAt;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
