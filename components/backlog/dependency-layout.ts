import type { ItemView } from "#lib/contract/wire.ts";

export interface Node {
  readonly key: string;
  readonly item: ItemView;
  /** How many open items have to land before it, one after the other, at least. */
  readonly column: number;
  readonly row: number;
  /** Keys of what holds it back, and of what it holds back, among those shown. */
  readonly needs: readonly string[];
  readonly frees: readonly string[];
}

export interface Layout {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly columns: number;
  /** Of the tallest column. */
  readonly rows: number;
  /** Items that nothing holds back and that hold back nothing. */
  readonly alone: number;
  /** Items that are left out, as there are too many to look at. */
  readonly left: number;
}

/** More than these on one picture are none. */
const mostNodes = 400;
const sweeps = 3;

/**
 * What blocks what, from left to right: every item right of all that hold it back, and near to what it is tied to.
 * Dependencies that run in a circle are drawn, and do not count for the place. Items come in order of urgency.
 */
export function layoutOf(items: readonly ItemView[]): Layout {
  const all = new Map(items.map((item) => [keyOf(item), item]));
  const needs = new Map<string, string[]>();
  const frees = new Map<string, string[]>();
  for (const [key, item] of all) {
    for (const blocker of new Set(item.blockedBy)) {
      const other = `${item.repository}/${blocker}`;
      if (other === key || !all.has(other)) continue;
      push(needs, key, other);
      push(frees, other, key);
    }
  }
  const tied = [...all.keys()].filter((key) => needs.has(key) || frees.has(key));
  const shown = new Set(tied.slice(0, mostNodes));
  const near = (of: ReadonlyMap<string, readonly string[]>, key: string) =>
    (of.get(key) ?? []).filter((each) => shown.has(each));

  const columnOf = columnsOf(shown, (key) => near(needs, key));
  const columns: string[][] = [];
  for (const key of shown) (columns[columnOf.get(key) ?? 0] ??= []).push(key);
  const rowOf = new Map<string, number>();
  const keepRows = () => {
    for (const column of columns) column.forEach((key, row) => rowOf.set(key, row));
  };
  keepRows();
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const column of columns) {
      const wish = new Map(column.map((key) => [key, middle([...near(needs, key), ...near(frees, key)])]));
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      column.forEach((key, row) => rowOf.set(key, row));
    }
  }
  const nodes = new Map<string, Node>();
  for (const key of shown) {
    const item = all.get(key);
    if (!item) continue;
    nodes.set(key, {
      key,
      item,
      column: columnOf.get(key) ?? 0,
      row: rowOf.get(key) ?? 0,
      needs: near(needs, key),
      frees: near(frees, key),
    });
  }
  return {
    nodes,
    columns: columns.length,
    rows: Math.max(0, ...columns.map((column) => column.length)),
    alone: all.size - tied.length,
    left: tied.length - shown.size,
  };

  function middle(keys: readonly string[]): number {
    const rows = keys.map((key) => rowOf.get(key) ?? 0);
    return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length;
  }
}

/** Everything that has to land before an item, and everything that waits for it. */
export function chainOf(nodes: Layout["nodes"], key: string): ReadonlySet<string> {
  const chain = new Set([key]);
  for (const side of ["needs", "frees"] as const) {
    const seen = new Set<string>();
    const open = [key];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      chain.add(at);
      open.push(...(nodes.get(at)?.[side] ?? []));
    }
  }
  return chain;
}

/** Items that a landing sets free at once: nothing else holds them back. */
export function freedBy(nodes: Layout["nodes"], key: string): readonly ItemView[] {
  return (nodes.get(key)?.frees ?? []).flatMap((other) => {
    const node = nodes.get(other);
    return node && node.item.blockedBy.length === 1 ? [node.item] : [];
  });
}

/** Each key's longest way from what nothing holds back. */
function columnsOf(
  keys: ReadonlySet<string>,
  needsOf: (key: string) => readonly string[],
): Map<string, number> {
  const known = new Map<string, number>();
  const onTheWay = new Set<string>();
  const visit = (key: string): number => {
    const before = known.get(key);
    if (before !== undefined) return before;
    onTheWay.add(key);
    let column = 0;
    for (const other of needsOf(key)) if (!onTheWay.has(other)) column = Math.max(column, visit(other) + 1);
    onTheWay.delete(key);
    known.set(key, column);
    return column;
  };
  for (const key of keys) visit(key);
  return known;
}

export function keyOf({ repository, id }: Pick<ItemView, "repository" | "id">): string {
  return `${repository}/${id}`;
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
