import type { ComponentType } from "react";
import type { ItemView, SessionView } from "#lib/contract/wire.ts";

/** What can be done on a card, given by the route: the board knows neither dispatching nor merging. */
export interface BoardActions {
  Dispatch: ComponentType<{ item: ItemView }>;
  DispatchAll: ComponentType<{ items: readonly ItemView[] }>;
  Merge: ComponentType<{ session: SessionView }>;
}
