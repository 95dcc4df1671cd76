import { isConclusive } from "./council-state.ts";
import type { CouncilPart } from "./review.ts";
import type { QuestionId } from "./ids.ts";
import { purposeOf, type Limits, type LiveStep, type Purpose, type Run } from "./run-state.ts";

/** What has to be done next: exactly one thing, derived from the state. */
export type Due =
  | { readonly kind: "prepare" }
  | {
      readonly kind: "start-step";
      readonly number: number;
      readonly purpose: Purpose;
      readonly delivers: QuestionId | null;
    }
  | { readonly kind: "watch-step"; readonly step: LiveStep; readonly purpose: Purpose }
  | { readonly kind: "check-work" }
  /** A part's step has ended: count what its roles reported. */
  | { readonly kind: "hold-part"; readonly step: number; readonly part: CouncilPart }
  | { readonly kind: "open-council" }
  | { readonly kind: "conclude" }
  | { readonly kind: "rework" }
  | { readonly kind: "wait" }
  | { readonly kind: "nothing" };

/** A runner has to look after it: something is due, an agent lives, or of the inbox's entries the last is still unread. */
export function needsRunner(run: Run, limits: Limits, lastEntry: number): boolean {
  const { kind } = due(run, limits);
  return lastEntry > run.handled || (kind !== "nothing" && kind !== "wait");
}

/** Derived from the run alone, so that whoever takes it up goes on where it was. */
export function due(run: Run, limits: Limits): Due {
  const { state } = run;
  switch (state.status) {
    case "preparing":
      return { kind: "prepare" };
    case "running":
    case "reviewing": {
      if (state.step) return { kind: "watch-step", step: state.step, purpose: purposeOf(state) };
      if (state.status === "reviewing") {
        if (state.ended !== null) return { kind: "hold-part", step: state.ended, part: state.part };
        if (isConclusive(state, limits)) return { kind: "conclude" };
      }
      return {
        kind: "start-step",
        number: run.steps + 1,
        purpose: purposeOf(state),
        // Without a conversation there is no call that waits: the answer goes into the prompt.
        delivers: run.agentSession ? state.deliver : null,
      };
    }
    case "checking":
      return { kind: "check-work" };
    case "waiting":
      // An asker that polls a file is a live process, and somebody has to see it end.
      return state.then.step
        ? { kind: "watch-step", step: state.then.step, purpose: purposeOf(state.then) }
        : { kind: "wait" };
    case "completed":
      return { kind: "open-council" };
    case "rejected":
      return run.round < limits.reworkRounds ? { kind: "rework" } : { kind: "wait" };
    case "approved":
    case "failed":
    case "stopped":
    case "interrupted":
      return { kind: "nothing" };
  }
}
