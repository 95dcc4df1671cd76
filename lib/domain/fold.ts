import type { RunEvent, RunEventKind } from "./run-event.ts";
import type { Limits, Run, RunState } from "./run-state.ts";
import { withdraw, type Question } from "./question.ts";

export type Transition = { readonly run: Run } | { readonly rejected: string };

/** One event of the given kinds. */
export type EventOf<Kind extends RunEventKind> = Extract<RunEvent, { kind: Kind }>;

/** What the folding of one event works with. */
export interface Fold {
  readonly run: Run;
  readonly limits: Limits;
  /** The entry of the inbox that the event deals with counts as dealt with. */
  readonly inbox: Partial<Run>;
  readonly to: (next: RunState, fields?: Partial<Run>) => Transition;
  readonly refuse: (why: string) => Transition;
}

export function foldOf(run: Run, event: RunEvent, limits: Limits): Fold {
  return {
    run,
    limits,
    inbox: "inbox" in event && event.inbox !== null ? { handled: Math.max(run.handled, event.inbox) } : {},
    to: (next, fields = {}) => ({ run: { ...run, ...fields, state: next } }),
    refuse: (why) => ({ rejected: `${event.kind} while ${run.state.status}: ${why}` }),
  };
}

export function withdrawOpen(questions: readonly Question[], reason: string, at: string): Question[] {
  return questions.map((each) => withdraw(each, reason, at));
}
