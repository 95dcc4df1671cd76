import type { ItemId, RepositoryId, SessionId } from "#lib/domain/ids.ts";
import { isWorking, type SessionStatus } from "#lib/domain/session.ts";
import type { SessionRow } from "./ports.ts";

/** Which session holds which item's place, kept in memory for what cannot wait for the database. */
export interface Places {
  take(rows: readonly SessionRow[]): void;
  sessionOf(repository: RepositoryId, item: ItemId): SessionId | null;
  /** Some agent may be at work, so a runner has to run. */
  isAnyWorking(): boolean;
}

export function createPlaces(): Places {
  const places = new Map<string, { session: SessionId; status: SessionStatus }>();
  return {
    take(rows) {
      for (const row of rows) {
        const key = `${row.repository}/${row.item}`;
        if (row.open) places.set(key, { session: row.id, status: row.state.status });
        else if (places.get(key)?.session === row.id) places.delete(key);
      }
    },
    sessionOf: (repository, item) => places.get(`${repository}/${item}`)?.session ?? null,
    isAnyWorking: () => [...places.values()].some(({ status }) => isWorking(status)),
  };
}
