import type { FactName, LandingView } from "#lib/contract/wire.ts";
import { hasLanded, type LandingStep } from "#lib/domain/merge.ts";
import type { SessionEvent } from "#lib/domain/session.ts";
import type { LandingDetails, MergingDeps } from "../merging/ports.ts";
import type { Git } from "../ports.ts";
import { withdrawOpen } from "../questions/withdraw-open.ts";
import type { Intake } from "./intake.ts";
import { returnedToRun } from "./fold-events.ts";
import type { Ledger } from "./ledger.ts";
import { hasLandedSince } from "./landed-since.ts";
import { approvalOf } from "./landing-order.ts";
import type { Change, SessionRow, SessionStore } from "./ports.ts";
import { returnByPolicy } from "./return-by-policy.ts";
import { moved } from "./session-row.ts";

interface ProgressDeps {
  readonly store: SessionStore;
  readonly ledger: Ledger;
  readonly intake: Pick<Intake, "runOf">;
  readonly git: Git;
}

/** Takes each step of a landing into its session, once or twice alike. */
export function createLandingProgress(deps: ProgressDeps): MergingDeps["onAdvance"] {
  const { store, ledger, intake } = deps;
  return async (landing, details) => {
    const isOvertaken = landing.status === "conflict" && (await isSiblingsDoing(landing));
    const returned = await returnByPolicy(deps, landing, details);
    await ledger.write(async (at) => {
      const row = await store.session(landing.session);
      if (!row) return { change: {}, result: undefined };
      if (landing.kind === "revert")
        return { result: undefined, change: reverting(row, landing, details, at) };
      const event = eventOf(row, landing, {
        byHand: details.byHand,
        isGivenBack: isOvertaken || returned !== null,
      });
      let next = (event && moved(row, event, at)) ?? row;
      if (event?.kind === "merge-returned") next = returnedToRun(next, await intake.runOf(next), at);
      // What the run came to meanwhile may have settled it already.
      const sent = event && returned && next.state.status === "approved" ? returned(next, at) : null;
      next = sent?.row ?? next;
      const withdrawn =
        next.state.status === "merged" && row.state.status !== "merged"
          ? await withdrawOpen(store, next, { reason: "its work has landed", at })
          : null;
      next = withdrawn?.row ?? next;
      const isNew = next !== row;
      return {
        result: undefined,
        change: {
          ...(isNew ? { sessions: [next] } : {}),
          ...(sent ? { effects: [sent.effect] } : {}),
          questions: withdrawn?.questions ?? [],
          facts: [
            {
              name: nameOf(landing, isNew),
              repository: row.repository,
              session: row.id,
              actor: landing.by,
              text: `${row.item}: ${landing.message}${sent ? ` ${sent.text}` : ""}`,
              changes: {
                landings: [landing],
                sessions: [next.view],
                ...(withdrawn && withdrawn.views.length > 0 ? { questions: withdrawn.views } : {}),
              },
            },
          ],
          audit: auditOf(row, landing, "merge"),
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
}

/** A session whose merge was taken back stays merged, and is marked. */
function reverting(row: SessionRow, landing: LandingView, { undo }: LandingDetails, at: string): Change {
  const isNew =
    hasLanded(landing.step as LandingStep | null) && landing.commit !== null && !row.view.reverted;
  const reverted = { commit: landing.commit ?? "", by: landing.by, at, reason: undo?.reason ?? "" };
  const next = isNew ? { ...row, view: { ...row.view, reverted } as SessionRow["view"] } : row;
  const isRefused = !["running", "landed", "proposed"].includes(landing.status);
  return {
    ...(isNew ? { sessions: [next] } : {}),
    facts: [
      {
        name: isNew ? "merge:reverted" : isRefused ? "merge:refused" : "merge:advanced",
        repository: row.repository,
        session: row.id,
        actor: landing.by,
        text: `${row.item}: ${landing.message}`,
        changes: { landings: [landing], sessions: [next.view] },
      },
    ],
    audit: auditOf(row, landing, "merge:revert"),
  };
}

function auditOf(row: SessionRow, landing: LandingView, action: string): NonNullable<Change["audit"]> {
  if (landing.status === "running") return [];
  const detail = landing.commit ?? landing.message;
  return [{ actor: landing.by, action, target: row.id, outcome: landing.status, detail }];
}

function eventOf(
  row: SessionRow,
  landing: LandingView,
  { byHand, isGivenBack }: { byHand: boolean; isGivenBack: boolean },
): SessionEvent | null {
  const step = landing.step as LandingStep | null;
  if (hasLanded(step)) {
    if (row.state.status === "merged" || landing.commit === null) return null;
    return { kind: "merged", commit: landing.commit, byHand };
  }
  if (landing.status === "running") return row.state.status === "approved" ? { kind: "merge-started" } : null;
  if (row.state.status !== "merging") return null;
  // Overtaken by a sibling it is approved as before, goes out of date by that, and is checked anew by itself.
  return landing.status === "conflict" && !isGivenBack
    ? { kind: "merge-conflicted", files: landing.conflicts }
    : { kind: "merge-returned" };
}

function nameOf(landing: LandingView, isNew: boolean): FactName {
  if (landing.status === "running") {
    if (hasLanded(landing.step as LandingStep | null)) return isNew ? "merge:landed" : "merge:advanced";
    return isNew ? "merge:started" : "merge:advanced";
  }
  if (landing.status === "proposed") return "merge:advanced";
  if (landing.status === "landed") return isNew ? "merge:landed" : "merge:advanced";
  return "merge:refused";
}
