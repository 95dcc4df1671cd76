import type { ItemId, ObjectId } from "./ids.ts";

/** One move of the base's branch, as git wrote it down. */
export interface BaseMove {
  readonly from: ObjectId | null;
  readonly to: ObjectId | null;
  /** What git's own commands leave in their log; empty for a ref that was set behind their back, null where there is no log. */
  readonly message: string | null;
  /** A landing of ours. */
  readonly isOurs: boolean;
  /** Items whose sessions made commits that came in by it, and that nobody has approved. */
  readonly unapproved: readonly ItemId[];
  /** Items that had landed, and are gone from the base by it. */
  readonly lost: readonly ItemId[];
}

/**
 * Why a move of the base needs a person's look before anything lands; null for a landing, and for what
 * people do: their commits, pulls and merges, and an approved branch that they merge by hand.
 */
export function alarmOf(move: BaseMove, base: string): string | null {
  if (move.isOurs) return null;
  const at = `(${short(move.from)} → ${short(move.to)})`;
  if (move.unapproved.length > 0) {
    return `Work that nobody approved came onto ${base}: of ${move.unapproved.join(", ")} ${at}.`;
  }
  if (move.lost.length > 0) {
    return `${base} was set back, and landed work is gone from it: of ${move.lost.join(", ")} ${at}.`;
  }
  if (move.to === null) return `${base} was deleted ${at}.`;
  if (move.message === "") return `${base} was moved by none of git's ordinary commands ${at}.`;
  return null;
}

function short(id: ObjectId | null): string {
  return id === null ? "none" : id.slice(0, 10);
}
