import { foldCouncil } from "./fold-council.ts";
import { foldOrder } from "./fold-order.ts";
import { foldQuestion } from "./fold-question.ts";
import { foldStep } from "./fold-step.ts";
import { foldWork } from "./fold-work.ts";
import { foldOf, type Transition } from "./fold.ts";
import type { RunEvent } from "./run-event.ts";
import { newRun, type Limits, type Run } from "./run-state.ts";

/**
 * The run of one session, as the runner drives it. Its events are its truth (`events.jsonl`): a run
 * is what they fold to, and `due` says from that alone what has to be done next. So a runner
 * that died anywhere goes on by reading the events again.
 */

/** Folds one event into the run, or says why it cannot happen now. */
export function transition(run: Run, event: RunEvent, limits: Limits): Transition {
  const fold = foldOf(run, event, limits);
  switch (event.kind) {
    case "prepared":
    case "left-uncommitted":
    case "validated":
    case "completed":
      return foldWork(fold, event);
    case "step-started":
    case "step-spawned":
    case "step-finished":
    case "step-asked":
    case "step-failed":
      return foldStep(fold, event);
    case "asked":
    case "answered":
    case "withdrawn":
      return foldQuestion(fold, event);
    case "council-opened":
    case "part-held":
    case "part-failed":
    case "council-overran":
    case "review-concluded":
      return foldCouncil(fold, event);
    case "rework-started":
    case "base-merged":
    case "resumed":
    case "failed":
    case "interrupted":
    case "stopped":
    case "noted":
    case "handled":
      return foldOrder(fold, event);
    case "warned":
    case "forgery-found":
      return { run };
  }
}

/** Folds a whole history; an event that cannot have happened is reported and left out. */
export function replay(events: Iterable<RunEvent>, limits: Limits): { run: Run; refused: string[] } {
  let run = newRun;
  const refused: string[] = [];
  for (const event of events) {
    const outcome = transition(run, event, limits);
    if ("run" in outcome) run = outcome.run;
    else refused.push(outcome.rejected);
  }
  return { run, refused };
}
