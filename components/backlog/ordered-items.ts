import type { ItemView } from "#lib/contract/wire.ts";

/** The urgent ones first. */
export function byUrgency(a: ItemView, b: ItemView): number {
  return a.priority - b.priority || b.downstream - a.downstream || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Where more has changed, sorting anew is as good. */
const fewChanges = 200;

/**
 * A function that puts the items of one repository, or of all with null, in order and remembers what it gave: where a
 * few of many changed, only those are placed anew, and where none changed it gives the same list.
 */
export function orderedItems(): (
  items: ReadonlyMap<string, ItemView>,
  repository: string | null,
) => readonly ItemView[] {
  const known = new Map<string, ItemView>();
  let order: readonly ItemView[] = [];
  return (items, repository) => {
    const fresh: ItemView[] = [];
    const gone = new Set<ItemView>();
    for (const [key, item] of known) {
      if (items.get(key) === item && (repository === null || item.repository === repository)) continue;
      gone.add(item);
      known.delete(key);
    }
    for (const [key, item] of items) {
      if ((repository !== null && item.repository !== repository) || known.has(key)) continue;
      fresh.push(item);
      known.set(key, item);
    }
    if (fresh.length === 0 && gone.size === 0) return order;
    order =
      fresh.length > fewChanges
        ? [...known.values()].sort(byUrgency)
        : merged(
            order.filter((item) => !gone.has(item)),
            fresh.sort(byUrgency),
          );
    return order;
  };
}

/** Two ordered lists as one. */
function merged(many: readonly ItemView[], few: readonly ItemView[]): ItemView[] {
  const all: ItemView[] = [];
  let next = 0;
  for (const item of many) {
    for (let one = few[next]; one && byUrgency(one, item) < 0; one = few[next]) {
      all.push(one);
      next += 1;
    }
    all.push(item);
  }
  return [...all, ...few.slice(next)];
}
