"use client";

import type { SessionView } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";

type Sessions = ReadonlyMap<string, SessionView>;

interface Held {
  /** The newest session that holds an item, by the item's key. */
  readonly newest: ReadonlyMap<string, SessionView>;
  readonly keys: ReadonlySet<string>;
}

/** One look through the sessions for all who ask, however many rows those are. */
const known = new WeakMap<Sessions, Held>();
let last: Held | null = null;

function heldBy(sessions: Sessions): Held {
  const before = known.get(sessions);
  if (before) return before;
  const newest = new Map<string, SessionView>();
  for (const session of sessions.values()) {
    if (session.status === "stopped" || session.status === "merged") continue;
    const key = `${session.repository}/${session.item.id}`;
    const other = newest.get(key);
    if (!other || other.createdAt < session.createdAt) newest.set(key, session);
  }
  // A sign of life changes no key: whoever looks at the keys alone is not drawn again.
  const isSame = last?.keys.size === newest.size && [...newest.keys()].every((key) => last?.keys.has(key));
  const held = { newest, keys: isSame && last ? last.keys : new Set(newest.keys()) };
  known.set(sessions, held);
  last = held;
  return held;
}

/** Keys, `<repository>/<item>`, of the items that a session holds; the same set until that changes. */
export function useHeldItems(): ReadonlySet<string> | null {
  return useModel(({ sessions }) => heldBy(sessions).keys);
}

/** The session that holds an item, or null. */
export function useHolder(repository: string, item: string): SessionView | null {
  return useModel(({ sessions }) => heldBy(sessions).newest.get(`${repository}/${item}`) ?? null);
}
