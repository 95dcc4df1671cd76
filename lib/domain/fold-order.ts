import { limitedAnew } from "./council-state.ts";
import { brokenOff, untold, wordIn } from "./fold-step.ts";
import { withdrawOpen, type EventOf, type Fold, type Transition } from "./fold.ts";
import { activeOf, isAlive, isResumable, running, type Run, type RunState } from "./run-state.ts";

type OrderKind =
  "rework-started" | "base-merged" | "resumed" | "failed" | "interrupted" | "stopped" | "noted" | "handled";

/** What people, policies and bad luck do to a run. */
export function foldOrder(fold: Fold, event: EventOf<OrderKind>): Transition {
  const { run, inbox, to, refuse } = fold;
  const { state } = run;
  switch (event.kind) {
    case "rework-started":
      if (!isResumable(state) && state.status !== "approved") return refuse("it is not at rest");
      if (!run.worktree) return refuse("there is no worktree yet");
      return to(running({ kind: "rework", note: event.note }), {
        ...inbox,
        round: event.round,
        comments: [...run.comments, ...event.comments],
        notes: withUnheard(run),
        confirmed: null,
        repairs: 0,
        tidied: false,
        endedAt: null,
        questions: withdrawOpen(run.questions, "the work began anew", event.at),
      });

    case "base-merged":
      if (!isResumable(state) && state.status !== "approved") return refuse("it is not at rest");
      if (!run.worktree) return refuse("there is no worktree yet");
      return to(
        event.conflicts.length > 0
          ? running({ kind: "merge-base", base: event.base, conflicts: event.conflicts })
          : { status: "checking", work: { kind: "merge-base", base: event.base, conflicts: [] } },
        {
          ...inbox,
          base: event.base,
          head: event.head,
          notes: withUnheard(run),
          confirmed:
            state.status === "approved" && event.conflicts.length === 0 && !event.foreign
              ? { base: state.review.base, head: state.review.head }
              : null,
          validation: null,
          repairs: 0,
          tidied: false,
          endedAt: null,
          questions: withdrawOpen(run.questions, "the base moved", event.at),
        },
      );

    case "resumed": {
      if (!isResumable(state)) return refuse("it is not at rest");
      const then = "then" in state ? state.then : null;
      const fields = {
        ...inbox,
        endedAt: null,
        repairs: 0,
        tidied: false,
        // Whatever comes first, the next step of work is told it.
        notes: event.note.trim() === "" ? run.notes : [...run.notes, event.note],
        ...(event.fresh ? { agentSession: null } : {}),
      };
      if (!run.worktree) return to({ status: "preparing" }, fields);
      if (!then) return to(running({ kind: "continue", note: "" }), fields);
      const stillOpen = run.questions.filter((each) => each.status === "open").map((each) => each.id);
      if (stillOpen.length > 0 && !event.fresh)
        return to({ status: "waiting", open: stillOpen, then }, fields);
      if (then.status === "reviewing") return to(limitedAnew(then, event.at, run.costUsd), fields);
      return to({ ...then, deliver: event.fresh ? null : then.deliver }, fields);
    }

    case "failed":
    case "interrupted":
    case "stopped": {
      const stoppable = isResumable(state) || state.status === "approved";
      if (!isAlive(state) && !(event.kind === "stopped" && stoppable)) return refuse("it has ended");
      const active = activeOf(state);
      const then = active ? brokenOff(active) : "then" in state ? state.then : null;
      const ended: RunState =
        event.kind === "failed"
          ? { status: "failed", failure: event.failure, then }
          : event.kind === "interrupted"
            ? { status: "interrupted", why: event.why, then }
            : { status: "stopped", by: event.by, discard: event.discard, then };
      const questions =
        event.kind === "stopped"
          ? withdrawOpen(run.questions, `stopped by ${event.by}`, event.at)
          : run.questions;
      return to(ended, { ...inbox, endedAt: event.at, ...untold(run, active?.step ?? null, questions) });
    }

    case "noted":
      return to(state, { ...inbox, notes: [...run.notes, event.text] });

    case "handled":
      return to(state, inbox);
  }
}

/** Words in an order that no step was started for, and that another order takes the place of. */
function withUnheard({ state, notes }: Run): readonly string[] {
  return "then" in state && state.then ? [...wordIn(state.then), ...notes] : notes;
}
