import type { FactName, LandingView } from "#lib/contract/wire.ts";
import { hasLanded, type LandingStep } from "#lib/domain/merge.ts";
import type { SessionEvent } from "#lib/domain/session.ts";
import type { MergingDeps } from "../merging/ports.ts";
import type { Git } from "../ports.ts";
import type { Intake } from "./intake.ts";
import { sessionEvent } from "./fold-events.ts";
import type { Ledger } from "./ledger.ts";
import { hasLandedSince } from "./landed-since.ts";
import { approvalOf } from "./landing-order.ts";
import type { SessionRow, SessionStore } from "./ports.ts";
import { moved } from "./session-row.ts";

/** Takes each step of a landing into its session, once or twice alike. */
export function createLandingProgress(deps: {
  store: SessionStore;
  ledger: Ledger;
  intake: Pick<Intake, "runOf">;
  git: Git;
}): MergingDeps["onAdvance"] {
  const { store, ledger, intake } = deps;
  return async (landing, { byHand }) => {
    const isOvertaken = landing.status === "conflict" && (await isSiblingsDoing(landing));
    await ledger.write(async (at) => {
      const row = await store.session(landing.session);
      if (!row) return { change: {}, result: undefined };
      const event = eventOf(row, landing, { byHand, isOvertaken });
      let next = (event && moved(row, event, at)) ?? row;
      if (event?.kind === "merge-returned") next = await asRunSays(next, at);
      const isNew = next !== row;
      const name = nameOf(landing, isNew);
      return {
        result: undefined,
        change: {
          ...(isNew ? { sessions: [next] } : {}),
          facts: [
            {
              name,
              repository: row.repository,
              session: row.id,
              actor: landing.by,
              text: `${row.item}: ${landing.message}`,
              changes: { landings: [landing], sessions: [next.view] },
            },
          ],
          ...(landing.status === "running"
            ? {}
            : {
                audit: [
                  {
                    actor: landing.by,
                    action: "merge",
                    target: row.id,
                    outcome: landing.status,
                    detail: landing.commit ?? landing.message,
                  },
                ],
              }),
        },
      };
    });
  };

  /** The work that it conflicts with landed while it waited in the lane. */
  async function isSiblingsDoing({ session, repository: id }: LandingView): Promise<boolean> {
    const row = await store.session(session);
    const repository = (await store.repositories()).find((each) => each.id === id);
    const approval = row && approvalOf(row);
    if (!repository || !approval) return false;
    const tip = await deps.git.resolve(repository.root, `refs/heads/${repository.base}`);
    return tip !== null && hasLandedSince(deps, repository, approval.base, tip);
  }

  /** What the run came to while its landing held the session. */
  async function asRunSays(row: SessionRow, at: string): Promise<SessionRow> {
    const run = await intake.runOf(row);
    return run.state.status === "approved" ? row : (moved(row, sessionEvent(run), at) ?? row);
  }
}

function eventOf(
  row: SessionRow,
  landing: LandingView,
  { byHand, isOvertaken }: { byHand: boolean; isOvertaken: boolean },
): SessionEvent | null {
  const step = landing.step as LandingStep | null;
  if (hasLanded(step)) {
    if (row.state.status === "merged" || landing.commit === null) return null;
    return { kind: "merged", commit: landing.commit, byHand };
  }
  if (landing.status === "running") return row.state.status === "approved" ? { kind: "merge-started" } : null;
  if (row.state.status !== "merging") return null;
  // Overtaken by a sibling it is approved as before, goes out of date by that, and is checked anew by itself.
  return landing.status === "conflict" && !isOvertaken
    ? { kind: "merge-conflicted", files: landing.conflicts }
    : { kind: "merge-returned" };
}

function nameOf(landing: LandingView, isNew: boolean): FactName {
  if (landing.status === "running") {
    if (hasLanded(landing.step as LandingStep | null)) return isNew ? "merge:landed" : "merge:advanced";
    return isNew ? "merge:started" : "merge:advanced";
  }
  if (landing.status === "landed") return isNew ? "merge:landed" : "merge:advanced";
  return "merge:refused";
}
