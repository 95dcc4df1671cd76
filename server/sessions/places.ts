import type { ItemId, RepositoryId, SessionId } from "#lib/domain/ids.ts";
import type { SessionRow } from "./ports.ts";

/** Which session holds which item's place, kept in memory for what cannot wait for the database. */
export interface Places {
  take(rows: readonly SessionRow[]): void;
  sessionOf(repository: RepositoryId, item: ItemId): SessionId | null;
  /** Every session that holds a place, as it is now. */
  rows(): SessionRow[];
}

export function createPlaces(): Places {
  const places = new Map<string, SessionRow>();
  return {
    take(rows) {
      for (const row of rows) {
        const key = `${row.repository}/${row.item}`;
        if (row.open) places.set(key, row);
        else if (places.get(key)?.id === row.id) places.delete(key);
      }
    },
    sessionOf: (repository, item) => places.get(`${repository}/${item}`)?.id ?? null,
    rows: () => [...places.values()],
  };
}
