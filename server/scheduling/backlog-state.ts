import type { ItemId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";

/** A backlog as it was last read. */
export interface BacklogState {
  readonly items: ReadonlyMap<ItemId, Item>;
  readonly ready: ReadonlySet<ItemId>;
  /** How many open items each one holds back. */
  readonly downstream: ReadonlyMap<ItemId, number>;
}

export const emptyBacklog: BacklogState = { items: new Map(), ready: new Set(), downstream: new Map() };
