import type { Failure } from "./failure.ts";
import type { ObjectId } from "./ids.ts";
import type { RunStatus } from "./run-state.ts";

/** A session as the server drives it: queued, then its run's state, then its landing. */
export type SessionStatus = "queued" | RunStatus | "outdated" | "merging" | "merged";

/** A person's decision against a council. It holds for exactly this head. */
export interface Overrule {
  readonly verdict: "approved" | "rejected";
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  readonly head: ObjectId;
}

/** What lands; `overrule` is there where a person approved it and not the council. */
interface ApprovedWork {
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly overrule?: Overrule;
}

export type SessionState =
  | { readonly status: "queued" }
  /** The run's own word; `failed` also after a conflict at landing. */
  | { readonly status: Exclude<RunStatus, "failed" | "approved" | "rejected"> }
  /** By its council, or by a person against it. */
  | { readonly status: "rejected"; readonly overrule?: Overrule }
  | { readonly status: "failed"; readonly failure: Failure }
  /** The verdict holds for exactly this change. */
  | ({ readonly status: "approved" } & ApprovedWork)
  | ({ readonly status: "outdated"; readonly why: string } & ApprovedWork)
  | ({ readonly status: "merging" } & ApprovedWork)
  | { readonly status: "merged"; readonly commit: ObjectId; readonly byHand: boolean };

export type SessionEvent =
  | { readonly kind: "run-moved"; readonly status: Exclude<RunStatus, "failed" | "approved"> }
  | { readonly kind: "run-failed"; readonly failure: Failure }
  | { readonly kind: "run-approved"; readonly base: ObjectId; readonly head: ObjectId }
  /** A person decides against the council, about the change from `base` to `overrule.head`. */
  | { readonly kind: "overruled"; readonly base: ObjectId; readonly overrule: Overrule }
  /** The base moved and the change overlaps with what came in. */
  | { readonly kind: "outdated"; readonly why: string }
  /** It was looked at again and still fits. */
  | { readonly kind: "refreshed" }
  | { readonly kind: "merge-started" }
  /** Red gate, base moved too often, checkout in the way, cancelled: approved as before. */
  | { readonly kind: "merge-returned" }
  | { readonly kind: "merge-conflicted"; readonly files: readonly string[] }
  | { readonly kind: "merged"; readonly commit: ObjectId; readonly byHand: boolean };

export type SessionTransition = { readonly state: SessionState } | { readonly rejected: string };

export const queued: SessionState = { status: "queued" };

/** Folds one event into a session, or says why it cannot happen now. */
export function transitionSession(state: SessionState, event: SessionEvent): SessionTransition {
  const refuse = (why: string): SessionTransition => ({
    rejected: `${event.kind} while ${state.status}: ${why}`,
  });
  switch (event.kind) {
    case "run-moved":
    case "run-failed":
    case "run-approved":
      if (state.status === "merged") return refuse("what has landed has ended");
      if (state.status === "merging") return refuse("the landing has to end first");
      if (event.kind === "run-failed") return { state: { status: "failed", failure: event.failure } };
      if (event.kind === "run-approved")
        return { state: { status: "approved", base: event.base, head: event.head } };
      return { state: { status: event.status } };
    case "overruled": {
      const { base, overrule } = event;
      if (overrule.verdict === "approved") {
        if (!isOverrulable(state)) return refuse("no council has refused it");
        return { state: { status: "approved", base, head: overrule.head, overrule } };
      }
      if (state.status !== "approved") return refuse("it is not approved");
      if (state.head !== overrule.head) return refuse("it is about another change");
      return { state: { status: "rejected", overrule } };
    }
    case "outdated":
      if (state.status !== "approved") return refuse("only an approval can go out of date");
      return { state: { ...state, status: "outdated", why: event.why } };
    case "refreshed":
      if (state.status !== "outdated") return refuse("it is not outdated");
      return { state: { status: "approved", ...approvedWork(state) } };
    case "merge-started":
      if (state.status !== "approved") return refuse("only approved work lands");
      return { state: { status: "merging", ...approvedWork(state) } };
    case "merge-returned":
      if (state.status !== "merging") return refuse("it is not landing");
      return { state: { status: "approved", ...approvedWork(state) } };
    case "merge-conflicted":
      if (state.status !== "merging") return refuse("it is not landing");
      return {
        state: { status: "failed", failure: { reason: "merge-conflict", detail: event.files.join("\n") } },
      };
    case "merged":
      if (state.status === "merged") return refuse("it has landed already");
      if (!event.byHand && state.status !== "merging") return refuse("it is not landing");
      return { state: { status: "merged", commit: event.commit, byHand: event.byHand } };
  }
}

function approvedWork({ base, head, overrule }: ApprovedWork): ApprovedWork {
  return overrule ? { base, head, overrule } : { base, head };
}

/** A council looked at it and did not approve it. */
export function isOverrulable(state: SessionState): boolean {
  return state.status === "rejected" || (state.status === "failed" && state.failure.reason === "no-verdict");
}

/** One open session per item: these hold the item's place. */
export function isOpen(status: SessionStatus): boolean {
  return status !== "merged" && status !== "stopped";
}

/** A new dispatch of the item replaces a session in one of these. */
export function isReplaceable(status: SessionStatus): boolean {
  return ["failed", "rejected", "stopped", "interrupted"].includes(status);
}

/** A slot of the machine is in use. */
export function isWorking(status: SessionStatus): boolean {
  return ["preparing", "running", "completed", "reviewing"].includes(status);
}

/** Only these can go stale; a session that waits for a person never does. */
export function canBeStale(status: SessionStatus): boolean {
  return status === "running" || status === "reviewing";
}

/** The four groups of `session status`, in their order. */
export type StatusGroup = "active" | "questions" | "awaiting-review" | "ready-to-merge";

export function groupOf(status: SessionStatus, openQuestions: number): StatusGroup | null {
  if (openQuestions > 0 && status !== "merged") return "questions";
  switch (status) {
    case "queued":
    case "preparing":
    case "running":
    case "merging":
      return "active";
    case "waiting":
      return "questions";
    case "completed":
    case "reviewing":
    case "outdated":
      return "awaiting-review";
    case "approved":
      return "ready-to-merge";
    case "rejected":
    case "failed":
    case "interrupted":
    case "stopped":
    case "merged":
      return null;
  }
}
