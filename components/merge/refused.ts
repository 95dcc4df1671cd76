import type { LandingView, SessionView } from "#lib/contract/wire.ts";
import { isRefusedRevert } from "#lib/domain/merge.ts";

/** Each session's newest landing of its work; what takes a merge back is none. */
export function newestLandings(landings: Iterable<LandingView>): ReadonlyMap<string, LandingView> {
  const newest = new Map<string, LandingView>();
  for (const landing of landings) {
    if (landing.kind === "revert") continue;
    const known = newest.get(landing.session);
    if (!known || Date.parse(landing.startedAt) >= Date.parse(known.startedAt))
      newest.set(landing.session, landing);
  }
  return newest;
}

/** The session's last try to take its work back, where that was refused. */
export function refusedRevert(
  landings: Iterable<LandingView>,
  session: Pick<SessionView, "id" | "reverted">,
): LandingView | null {
  const own = [...landings].filter((each) => each.session === session.id && each.kind === "revert");
  const last = own.reduce<LandingView | null>(
    (newest, each) => (newest && Date.parse(newest.startedAt) > Date.parse(each.startedAt) ? newest : each),
    null,
  );
  return last && !session.reverted && isRefusedRevert(last) ? last : null;
}

/** Ends of a landing that leave the work approved, and that a person has to see to. */
const leftToPeople = new Set<LandingView["status"]>([
  "gate-red",
  "error",
  "blocked",
  "checkout-in-the-way",
  "base-moved",
]);

/** What the last landing of this very work came to waits for a person: a conflict, a red gate, something in the way. */
export function isRefused(
  session: SessionView,
  landing: LandingView | null | undefined,
): landing is LandingView {
  if (!landing || landing.head !== session.head) return false;
  return landing.status === "conflict"
    ? session.status === "failed" && session.reason?.code === "merge-conflict"
    : leftToPeople.has(landing.status) && session.status === "approved";
}
