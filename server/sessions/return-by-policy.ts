import type { LandingView } from "#lib/contract/wire.ts";
import type { LandingDetails } from "../merging/ports.ts";
import type { Git } from "../ports.ts";
import type { NewEffect, SessionRow, SessionStore } from "./ports.ts";
import { moved, withMessage } from "./session-row.ts";

/** After so many returns of a session by itself a person looks: what an agent cannot mend twice it will not mend. */
const mostReturns = 2;

export interface Returned {
  readonly row: SessionRow;
  readonly effect: NewEffect;
  /** What to tell people besides. */
  readonly text: string;
}

type Return = (row: SessionRow, at: string) => Returned | null;

/**
 * Where the configuration wants it: how an approved session whose landing was refused goes back to its own
 * agent, with what the landing came to. Null where a person is to decide.
 */
export async function returnByPolicy(
  deps: { readonly store: SessionStore; readonly git: Git },
  landing: LandingView,
  { rules, isRedOnBase }: LandingDetails,
): Promise<Return | null> {
  const isRed = landing.status === "gate-red" && rules.red === "send-back" && !isRedOnBase;
  const isConflict = landing.status === "conflict" && rules.conflict === "send-back";
  if (landing.kind === "revert" || (!isRed && !isConflict)) return null;
  const earlier = await deps.store.landings({ session: landing.session, limit: 50 });
  const refused = earlier.filter(({ id, status }) => id !== landing.id && status === landing.status);
  if (refused.length >= mostReturns) return null;
  if (isRed) {
    return (row, at) => {
      const sent = withMessage(
        row,
        { kind: "rework", note: noteOf(landing), comments: [] },
        { by: "policy", at },
      );
      return { ...sent, text: "It goes back to its agent with the gate's output." };
    };
  }
  const repository = (await deps.store.repositories()).find(({ id }) => id === landing.repository);
  const base = repository && (await deps.git.resolve(repository.root, `refs/heads/${repository.base}`));
  if (!base) return null;
  return (row, at) => {
    const why = `conflicts in ${landing.conflicts.join(", ")}`;
    const outdated = moved(row, { kind: "outdated", why }, at);
    if (!outdated) return null;
    const sent = withMessage(outdated, { kind: "recheck", base }, { by: "policy", at });
    return { ...sent, text: "It goes back to its agent, with the base merged in." };
  };
}

/** What the agent is told about the red gate of its work. */
export function noteOf({ message }: Pick<LandingView, "message">): string {
  return `Your work is approved, but the gate was red when it was merged with the base as it is now. Find out why, mend it, and see that the gate's command passes.\n\n${message}`;
}
