import type { ItemView, SessionView } from "#lib/contract/wire.ts";

export const views = ["all", "ready", "blocked", "in work", "closed"] as const;
export type View = (typeof views)[number];

export interface Filter {
  readonly view: View;
  readonly text: string;
  /** Empty for all. */
  readonly label: string;
}

export interface Row {
  readonly item: ItemView;
  /** How deep below its epic it stands. */
  readonly depth: number;
  /** The item's newest session, if one holds it. */
  readonly session: SessionView | null;
  /** Open items below it; null for what is no container. */
  readonly children: number | null;
}

/** The urgent ones first. */
export function inOrder(items: Iterable<ItemView>): ItemView[] {
  return [...items].sort(
    (a, b) => a.priority - b.priority || b.downstream - a.downstream || (a.id < b.id ? -1 : 1),
  );
}

/** Items below their parents, in the order in which they come. With a filter set only what fits is left, flat. */
export function rowsOf(
  items: readonly ItemView[],
  sessions: readonly SessionView[],
  filter: Filter,
): readonly Row[] {
  const bySession = new Map<string, SessionView>();
  for (const session of sessions) {
    const key = `${session.repository}/${session.item.id}`;
    const other = bySession.get(key);
    if (session.status === "stopped" || session.status === "merged") continue;
    if (!other || other.createdAt < session.createdAt) bySession.set(key, session);
  }
  const sessionOf = (item: ItemView) => bySession.get(`${item.repository}/${item.id}`) ?? null;
  const children = new Map<string, ItemView[]>();
  const known = new Set(items.map(keyOf));
  for (const item of items) {
    const parent = parentKey(item);
    const place = parent !== null && known.has(parent) && parent !== keyOf(item) ? parent : "";
    const siblings = children.get(place) ?? [];
    children.set(place, siblings);
    siblings.push(item);
  }
  const row = (item: ItemView, depth: number): Row => ({
    item,
    depth,
    session: sessionOf(item),
    children: item.unready === "epic" ? (children.get(keyOf(item))?.length ?? 0) : null,
  });
  if (filter.view !== "all" || filter.text.trim() !== "" || filter.label !== "") {
    return items.map((item) => row(item, 0)).filter((each) => fits(each, filter));
  }
  const rows: Row[] = [];
  const seen = new Set<string>();
  const descend = (place: string, depth: number) => {
    for (const item of children.get(place) ?? []) {
      if (seen.has(keyOf(item))) continue;
      seen.add(keyOf(item));
      rows.push(row(item, depth));
      descend(keyOf(item), depth + 1);
    }
  };
  descend("", 0);
  // What remains hangs in a circle of parents: it is shown rather than lost.
  for (const item of items) if (!seen.has(keyOf(item))) rows.push(row(item, 0));
  return rows;
}

function fits({ item, session, children }: Row, { view, text, label }: Filter): boolean {
  const needle = text.trim().toLowerCase();
  if (needle !== "" && !`${item.id} ${item.title}`.toLowerCase().includes(needle)) return false;
  if (label !== "" && !item.labels.includes(label)) return false;
  switch (view) {
    case "all":
      return true;
    case "ready":
      return item.unready === null && !session;
    case "blocked":
      return item.unready !== null && !session && children === null;
    case "in work":
      return session !== null;
    case "closed":
      return item.status === "closed";
  }
}

function keyOf(item: ItemView): string {
  return `${item.repository}/${item.id}`;
}

function parentKey(item: ItemView): string | null {
  return item.parent === null ? null : `${item.repository}/${item.parent}`;
}
