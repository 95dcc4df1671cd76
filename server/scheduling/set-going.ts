import type { SessionId } from "#lib/domain/ids.ts";
import type { SessionStatus } from "#lib/domain/session.ts";
import type { Change, NewFact, SessionRow, SessionStore } from "../sessions/ports.ts";
import { claimedAnew, withMessage } from "../sessions/session-row.ts";

/** At rest, and may go on by itself: after a failure that passes, or after the machine was restarted. */
const goesOn: readonly SessionStatus[] = ["failed", "interrupted"];

export function isWaiting({ state, view, spec }: SessionRow): boolean {
  return goesOn.includes(state.status) && view.retry?.waits === true && spec !== null;
}

/** It was told to go on, and its runner has not said yet that it does. */
export function isOnItsWay({ state, view }: SessionRow): boolean {
  return goesOn.includes(state.status) && view.retry?.waits === false;
}

/** Tells a waiting session to go on. What was committed since may have changed everything, so it is looked at as it is now. */
export async function setGoing(
  store: Pick<SessionStore, "session">,
  id: SessionId,
  by: string,
  at: string,
): Promise<Change> {
  const row = await store.session(id);
  const retry = row?.view.retry;
  if (!row?.open || !retry || !isWaiting(row)) return {};
  // Until the runner's word comes in it must not be resumed once more.
  const told = { ...row, view: { ...row.view, retry: { ...retry, waits: false } } };
  const { row: next, effect } = withMessage(told, { kind: "resume", note: "", fresh: false }, { by, at });
  const fact: NewFact = {
    name: "session:moved",
    repository: row.repository,
    session: id,
    actor: by,
    text:
      row.state.status === "interrupted"
        ? `${by} resumed ${row.item}.`
        : `${row.item} is tried again (attempt ${retry.attempt} of ${retry.of}).`,
    changes: { sessions: [next.view] },
  };
  return { sessions: [next], effects: [effect, ...claimedAnew(row)], facts: [fact] };
}
