import type { InboxEntry } from "#lib/contract/files.ts";
import { inboxFileName } from "#lib/contract/files.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { failures } from "#lib/domain/failure.ts";
import { nextRetry, type Retry } from "#lib/domain/retry.ts";
import type { Run } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { activeOf } from "#lib/domain/run-state.ts";
import type { SessionEvent, SessionState } from "#lib/domain/session.ts";
import { isOpen, isReplaceable, transitionSession } from "#lib/domain/session.ts";
import { ProblemError } from "../application.ts";
import type { NewEffect, SessionRow } from "./ports.ts";

const remedies = {
  retry: "Resume it, or dispatch the item again.",
  "retry-later": "Resume it after a while.",
  "fix-first": "Put this right, then resume it.",
  person: "Look at it, then resume it, send it back, or dispatch the item again.",
} as const;

/** Folds one event into the session; null where it cannot happen now. */
export function moved(row: SessionRow, event: SessionEvent, at: string): SessionRow | null {
  const outcome = transitionSession(row.state, event);
  return "state" in outcome ? inState(row, outcome.state, at) : null;
}

/** As {@link moved}, for what a person asked for: a refusal is told. */
export function movedOrRefused(row: SessionRow, event: SessionEvent, at: string): SessionRow {
  const outcome = transitionSession(row.state, event);
  if ("state" in outcome) return inState(row, outcome.state, at);
  throw new ProblemError("conflict", `${row.id} cannot do this: ${outcome.rejected}.`);
}

function inState(row: SessionRow, state: SessionState, at: string): SessionRow {
  const { status } = state;
  const since = status === row.state.status ? row.view.since : at;
  const landed = status === "merged" ? { mergeCommit: state.commit, byHand: state.byHand, endedAt: at } : {};
  const view: SessionView = {
    ...row.view,
    ...landed,
    status,
    since,
    reason: reasonOf(state) ?? (status === row.state.status ? row.view.reason : null),
    overruled:
      status === "merged" ? row.view.overruled : "overrule" in state ? (state.overrule ?? null) : null,
    evidence: { ...row.view.evidence, derived: null },
  };
  return { ...row, state, view, open: isOpen(status) };
}

/** Who resumes what goes on by itself. */
export const retrier = "Amplify";

/** Counts attempts without progress; a person's own resume begins to count anew. */
export function withRetry(row: SessionRow, event: RunEvent): SessionRow {
  const before = row.view.retry ?? null;
  const set = (retry: Retry | null) => ({ ...row, view: { ...row.view, retry } });
  switch (event.kind) {
    case "failed":
    case "step-failed": {
      const retry = nextRetry(event.failure, before, event.at);
      // The runner's word is not always the session's: a lost claim stays one.
      if (!retry || row.state.status !== "failed" || !row.view.reason) return set(null);
      const remedy =
        retry.at === null
          ? "Put this right, then `amplify queue resume`: all that waits for it goes on."
          : `It goes on by itself (attempt ${retry.attempt} of ${retry.of}).`;
      return { ...row, view: { ...row.view, retry, reason: { ...row.view.reason, remedy } } };
    }
    case "resumed":
      return set(event.by === retrier && before ? { ...before, waits: false } : null);
    case "handled":
      // The runner did not take the resume; nobody is on the way any more.
      return row.state.status === "failed" && before && !before.waits ? set(null) : row;
    case "step-finished":
    case "step-asked":
    case "stopped":
    case "rework-started":
    case "base-merged":
    case "interrupted":
      return set(null);
    default:
      return row;
  }
}

/** What the run says about itself, put into the view; the state is moved apart from it. */
export function withRun(row: SessionRow, run: Run, openQuestions: number): SessionRow {
  const active = activeOf(run.state) ?? ("then" in run.state ? run.state.then : null);
  const reviewed = ["completed", "approved", "rejected"].includes(run.state.status);
  const view: SessionView = {
    ...row.view,
    phase: reviewed || active?.status === "reviewing" ? "review" : "implementation",
    round: run.round,
    steps: run.steps,
    pid: activeOf(run.state)?.step?.process?.pid ?? null,
    base: run.base ?? row.view.base,
    head: run.head,
    summary: run.summary,
    verdict: run.reviews.at(-1)?.verdict ?? null,
    reason: row.view.reason ?? endOf(run),
    openQuestions,
    costUsd: run.costUsd,
    startedAt: run.startedAt,
    endedAt: row.state.status === "merged" ? row.view.endedAt : run.endedAt,
  };
  return { ...row, view };
}

export function withComments(row: SessionRow, comments: number): SessionRow {
  return { ...row, view: { ...row.view, comments } };
}

function reasonOf(state: SessionState): SessionView["reason"] {
  if (state.status === "failed") {
    const { text, remedy } = failures[state.failure.reason];
    return { code: state.failure.reason, text, detail: state.failure.detail, remedy: remedies[remedy] };
  }
  if (state.status === "rejected" && state.overrule) {
    const { by, reason } = state.overrule;
    const remedy = "Send it to rework, or dispatch the item again.";
    return { code: "overruled", text: `${by} rejected it.`, detail: reason, remedy };
  }
  if (state.status === "outdated") {
    const remedy = "It is checked again by itself.";
    return { code: "outdated", text: "Its approval is out of date.", detail: state.why, remedy };
  }
  return null;
}

function endOf({ state }: Run): SessionView["reason"] {
  if (state.status === "stopped") {
    if (state.discard) {
      const remedy = "Dispatch the item again.";
      return { code: "given-up", text: `${state.by} gave it up.`, detail: "", remedy };
    }
    const remedy = "Resume it, or dispatch the item again.";
    return { code: "stopped", text: `${state.by} stopped it.`, detail: "", remedy };
  }
  if (state.status === "interrupted") {
    return { code: "interrupted", text: "It was cut off.", detail: state.why, remedy: remedies.retry };
  }
  return null;
}

type WithoutAddress<Entry> = Entry extends InboxEntry ? Omit<Entry, "number" | "by" | "at"> : never;

/** What people or policies tell the runner, before it has its number. */
export type Message = WithoutAddress<InboxEntry>;

/** Gives the message its number; the effect writes the file. */
export function withMessage(
  row: SessionRow,
  message: Message,
  { by, at }: { by: string; at: string },
): { row: SessionRow; effect: NewEffect } {
  const number = row.inbox + 1;
  const entry: InboxEntry = { ...message, number, by, at };
  return {
    row: { ...row, inbox: number },
    effect: {
      key: `${row.id}/inbox/${inboxFileName(entry)}`,
      lane: workLane(row),
      session: row.id,
      intent: { kind: "inbox", entry },
    },
  };
}

/** Files and worktree of an item's sessions, in order. */
export function workLane({ repository, item }: Pick<SessionRow, "repository" | "item">): string {
  return `work:${repository}/${item}`;
}

/** An item's claims and releases, in order. */
export function trackerLane({ repository, item }: Pick<SessionRow, "repository" | "item">): string {
  return `tracker:${repository}/${item}`;
}

/** A parked item was given back to the backlog; whoever has taken it meanwhile keeps it. */
export function claimedAnew(row: SessionRow): NewEffect[] {
  if (!isReplaceable(row.state.status)) return [];
  const key = `${row.id}/claim/${row.inbox + 1}`;
  return [{ key, lane: trackerLane(row), session: row.id, intent: { kind: "claim" } }];
}
