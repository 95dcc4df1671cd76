import type { ItemView } from "#lib/contract/wire.ts";

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
  /** Open items below it; null for what is no container. */
  readonly children: number | null;
}

/** What rows were made from, and what they came to. */
interface Made {
  readonly items: readonly ItemView[];
  readonly held: ReadonlySet<string>;
  readonly filter: Filter;
  readonly rows: readonly Row[];
}

/**
 * A function that gives items as rows below their parents, in the order in which they come; with a filter set only
 * what fits is left, flat. A row that says the same as before is the same object, so that it is not drawn again, and
 * where items only say something else in their old places, only their rows are made anew.
 */
export function rowMaker(): (
  items: readonly ItemView[],
  /** Keys of the items that a session holds. */
  held: ReadonlySet<string>,
  filter: Filter,
) => readonly Row[] {
  let made: Made | null = null;
  return (items, held, filter) => {
    const rows = (made && patched(made, items, held, filter)) ?? kept(made, rowsOf(items, held, filter));
    made = { items, held, filter, rows };
    return rows;
  };
}

/** Null where a change may move rows, or bring some in or out. */
function patched(
  made: Made,
  items: readonly ItemView[],
  held: ReadonlySet<string>,
  filter: Filter,
): readonly Row[] | null {
  if (made.held !== held || made.filter !== filter || made.items.length !== items.length) return null;
  const changed = new Map<ItemView, ItemView>();
  for (let index = 0; index < items.length; index += 1) {
    const [old, now] = [made.items[index], items[index]];
    if (old === now || !old || !now) continue;
    const isInPlace = keyOf(old) === keyOf(now) && old.parent === now.parent && old.unready === now.unready;
    if (!isInPlace || fits(now, held, filter) !== fits(old, held, filter)) return null;
    changed.set(old, now);
  }
  if (changed.size === 0) return made.rows;
  return made.rows.map((row) => {
    const item = changed.get(row.item);
    return item ? { ...row, item } : row;
  });
}

function kept(made: Made | null, rows: readonly Row[]): readonly Row[] {
  if (!made) return rows;
  const before = new Map(made.rows.map((row) => [row.item, row]));
  return rows.map((row) => {
    const old = before.get(row.item);
    return old?.depth === row.depth && old.children === row.children ? old : row;
  });
}

function rowsOf(items: readonly ItemView[], held: ReadonlySet<string>, filter: Filter): readonly Row[] {
  const keys = new Set<string>();
  for (const item of items) keys.add(keyOf(item));
  const children = new Map<string, ItemView[]>();
  for (const item of items) {
    const parent = parentKey(item);
    const place = parent !== null && keys.has(parent) && parent !== keyOf(item) ? parent : "";
    const siblings = children.get(place);
    if (siblings) siblings.push(item);
    else children.set(place, [item]);
  }
  const row = (item: ItemView, depth: number): Row => ({
    item,
    depth,
    children: item.unready === "epic" ? (children.get(keyOf(item))?.length ?? 0) : null,
  });
  if (filter.view !== "all" || filter.text.trim() !== "" || filter.label !== "") {
    return items.filter((item) => fits(item, held, filter)).map((item) => row(item, 0));
  }
  const rows: Row[] = [];
  const seen = new Set<ItemView>();
  const descend = (place: string, depth: number) => {
    for (const item of children.get(place) ?? []) {
      if (seen.has(item)) continue;
      seen.add(item);
      rows.push(row(item, depth));
      descend(keyOf(item), depth + 1);
    }
  };
  descend("", 0);
  // What remains hangs in a circle of parents: it is shown rather than lost.
  for (const item of items) if (!seen.has(item)) rows.push(row(item, 0));
  return rows;
}

function fits(item: ItemView, held: ReadonlySet<string>, { view, text, label }: Filter): boolean {
  const needle = text.trim().toLowerCase();
  if (needle !== "" && !`${item.id} ${item.title}`.toLowerCase().includes(needle)) return false;
  if (label !== "" && !item.labels.includes(label)) return false;
  switch (view) {
    case "all":
      return true;
    case "ready":
      return item.unready === null && !held.has(keyOf(item));
    case "blocked":
      return item.unready !== null && item.unready !== "epic" && !held.has(keyOf(item));
    case "in work":
      return held.has(keyOf(item));
    case "closed":
      return item.status === "closed";
  }
}

/** Two repositories may use the same item ids. */
function keyOf(item: Pick<ItemView, "repository" | "id">): string {
  return `${item.repository}/${item.id}`;
}

function parentKey(item: ItemView): string | null {
  return item.parent === null ? null : `${item.repository}/${item.parent}`;
}
