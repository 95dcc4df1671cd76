import type { ItemView, ReadOutput } from "#lib/contract/wire.ts";

type Id = ItemView["id"];

/** An item's place among the others. */
export interface ItemLinksView {
  readonly needs: readonly Id[];
  readonly neededBy: readonly Id[];
  readonly parent: Id | null;
  readonly children: readonly Id[];
  readonly others: readonly { readonly id: Id; readonly kind: string }[];
}

/** Its own dependencies as the tracker has them, and the other direction from the open items. */
export function linksOf(detail: ReadOutput<"item">, open: Iterable<ItemView>): ItemLinksView {
  const needs = new Set<Id>();
  const neededBy = new Set<Id>();
  const others: { id: Id; kind: string }[] = [];
  const children = new Set<Id>();
  for (const { from, to, kind } of detail.dependencies) {
    const [isOurs, id] = from === detail.id ? [true, to] : [false, from];
    if (kind === "blocks") (isOurs ? needs : neededBy).add(id);
    else if (kind !== "parent-child") others.push({ id, kind });
    else if (!isOurs) children.add(id);
  }
  for (const item of open) {
    if (item.repository !== detail.repository || item.id === detail.id) continue;
    if (item.parent === detail.id) children.add(item.id);
    // A child of a blocked epic is held back too, but its own blockers are told with itself.
    else if (item.blockedBy.includes(detail.id)) neededBy.add(item.id);
  }
  return {
    needs: [...needs],
    neededBy: [...neededBy],
    parent: detail.parent,
    children: [...children],
    others,
  };
}
