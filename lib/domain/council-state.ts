import { conclude, type CouncilRules } from "./conclude.ts";
import { carriedOf } from "./earlier-findings.ts";
import type { ObjectId } from "./ids.ts";
import type { Review } from "./review.ts";
import type { Active, Limits, Reviewing, Run } from "./run-state.ts";

/** The rules of the council that is being held. */
export function councilRules({ carried }: Reviewing, { council }: Limits): CouncilRules {
  return { rebuttals: council?.rebuttals ?? 1, carried };
}

/** Its parts amount to a verdict, or to none. */
export function isConclusive(state: Reviewing, limits: Limits): boolean {
  if (state.over !== null) return true;
  const last = state.held.at(-1);
  if (!last || last.part !== state.part || state.deliver) return false;
  return conclude(state.held, councilRules(state, limits)).kind !== "next";
}

/** An approval is the council's own, in the record as in fact, and for exactly the change that it had before it. */
export function isApprovedBy(state: Reviewing, review: Review, limits: Limits): boolean {
  const isSameChange = review.base === state.base && review.head === state.held.at(-1)?.headAfter;
  const rules = councilRules(state, limits);
  const amountsToIt = [state.held, review.parts].every((parts) => conclude(parts, rules).kind === "approved");
  return state.over === null && amountsToIt && isSameChange;
}

/** A council begins with its examination, or where only the base moved with a look at what that changed. */
export function opening(run: Run, base: ObjectId, head: ObjectId, at: string): Reviewing {
  return {
    status: "reviewing",
    part: run.confirmed ? "recheck" : "examination",
    again: false,
    flaw: null,
    ended: null,
    held: [],
    uncounted: [],
    over: null,
    carried: carriedOf(run.reviews, run.comments),
    base,
    head,
    startedAt: at,
    costBeforeUsd: run.costUsd,
    limitsFrom: { at, costUsd: run.costUsd },
    step: null,
    deliver: null,
  };
}

/** A person who lets a council go on gives it its time and its money once more. */
export function limitedAnew(state: Active, at: string, costUsd: number): Active {
  return state.status === "reviewing" ? { ...state, limitsFrom: { at, costUsd } } : state;
}
