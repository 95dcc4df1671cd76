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
 * `items` come {@link inUrgency}. Narrowed to one repository, or to none with null.
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
    if (isMeant(session)) columns[columnOf(session)].push(cardOf("session", session));
  }
  for (const item of items) {
    const session = newest.get(placeOf(item.repository, item.id));
    // Given up, and open again: it is the backlog's, and the session stays under Done.
    if (session && !(session.status === "stopped" && item.unready === null)) continue;
    if (item.unready === "epic" || !isMeant(item)) continue;
    columns[item.unready === null ? "Ready" : "Blocked"].push(cardOf("item", item));
  }
  for (const name of columnNames) {
    // Items come in order: sorting ten thousand of them again for each sign of life would be felt.
    if (name !== "Ready" && name !== "Blocked") columns[name].sort(orders[name] ?? byUrgency);
  }
  return columns;
}

/** The order of Ready and Blocked. */
export function inUrgency(items: Iterable<ItemView>): readonly ItemView[] {
  return [...items].sort(
    (a, b) => a.priority - b.priority || b.downstream - a.downstream || compare(keyOfItem(a), keyOfItem(b)),
  );
}

/** Columns in which no card has changed stay the same object, and need not be drawn again. */
export function keepColumns(old: Columns | null, next: Columns): Columns {
  if (!old) return next;
  const kept = { ...next };
  for (const name of columnNames) {
    const [before, after] = [old[name], next[name]];
    if (before.length === after.length && before.every((card, index) => card === after[index]))
      kept[name] = before;
  }
  return kept;
}

const cards = new WeakMap<ItemView | SessionView, Card>();

/** One card for each view, so that an unchanged view is an unchanged card. */
function cardOf(...[kind, view]: ["item", ItemView] | ["session", SessionView]): Card {
  const known = cards.get(view);
  if (known) return known;
  const card: Card = kind === "item" ? { kind, item: view } : { kind, session: view };
  cards.set(view, card);
  return card;
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
  return card.kind === "item" ? keyOfItem(card.item) : card.session.id;
}

function keyOfItem({ repository, id }: ItemView): string {
  return placeOf(repository, id);
}

type Order = (a: Card, b: Card) => number;

const priorityOf = (card: Card) => (card.kind === "item" ? card.item.priority : card.session.item.priority);
const sinceOf = (card: Card) => (card.kind === "item" ? card.item.updatedAt : card.session.since);

const byUrgency: Order = (a, b) => priorityOf(a) - priorityOf(b) || compare(keyOfCard(a), keyOfCard(b));
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
