import type { ItemView } from "#lib/contract/wire.ts";

/** Which item: ids repeat between repositories. */
export interface ItemPlace {
  readonly repository: ItemView["repository"];
  readonly id: ItemView["id"];
}

export function isAt(item: ItemPlace, place: ItemPlace | null): boolean {
  return place !== null && item.id === place.id && item.repository === place.repository;
}

export function hrefOf({ repository, id }: ItemPlace): string {
  return `/backlog?item=${encodeURIComponent(id)}&repository=${encodeURIComponent(repository)}`;
}
