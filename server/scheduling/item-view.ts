import type { ItemView, ReadOutput } from "#lib/contract/wire.ts";
import type { RepositoryId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";
import { blockersOf, describeUnready, unready } from "#lib/domain/item.ts";
import type { BacklogState } from "./backlog-state.ts";

/** An item as clients see it; `session` is the one that holds its place. */
export function itemView(
  repository: RepositoryId,
  item: Item,
  { items, ready, downstream }: BacklogState,
  session: string | null,
): ItemView {
  const why = unready(item, ready, items);
  const hasSession = session !== null && why?.kind !== "closed" ? `has ${session}` : null;
  return {
    id: item.id,
    repository,
    title: item.title,
    type: item.type,
    status: item.status,
    priority: item.priority,
    labels: [...item.labels],
    assignee: item.assignee,
    parent: item.parent,
    blockedBy: item.status === "closed" ? [] : blockersOf(item, items),
    unready: hasSession ?? (why && describeUnready(why)),
    downstream: downstream.get(item.id) ?? 0,
    updatedAt: item.updatedAt,
  };
}

export function itemDetail(view: ItemView, item: Item): ReadOutput<"item"> {
  const { description, design, acceptance, notes, dependencies, closeReason } = item;
  return { ...view, description, design, acceptance, notes, closeReason, dependencies: [...dependencies] };
}
