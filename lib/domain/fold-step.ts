import type { EventOf, Fold, Transition } from "./fold.ts";
import { withdrawOpen } from "./fold.ts";
import type { Question } from "./question.ts";
import {
  activeOf,
  openQuestions,
  running,
  type Active,
  type LiveStep,
  type Run,
  type RunState,
} from "./run-state.ts";

type StepKind = "step-started" | "step-spawned" | "step-finished" | "step-asked" | "step-failed";

/** What becomes of the steps of the agent. */
export function foldStep(fold: Fold, event: EventOf<StepKind>): Transition {
  const { run, to, refuse } = fold;
  const { state } = run;
  switch (event.kind) {
    case "step-started": {
      if (state.status !== "running" && state.status !== "reviewing") return refuse("no step is due");
      if (state.step) return refuse(`step ${String(state.step.number)} is still open`);
      if (event.step !== run.steps + 1) return refuse(`step ${String(run.steps + 1)} is next`);
      if (state.status === "reviewing" && state.ended !== null) return refuse("the last step is not counted");
      // A step that hands over an answer has no prompt, and a council hears nobody: what was noted waits for the next work.
      const hearsNotes = event.delivers === null && state.status === "running";
      const step: LiveStep = {
        number: event.step,
        process: null,
        opens: event.agentSession !== run.agentSession,
        delivers: event.delivers,
        tells: {
          answers: run.questions.filter(isUndelivered).map(({ id }) => id),
          notes: hearsNotes ? [...wordIn(state), ...run.notes] : [],
        },
      };
      return to(
        { ...state, step, deliver: null },
        {
          steps: event.step,
          agentSession: event.agentSession,
          endedAt: null,
          notes: hearsNotes ? [] : run.notes,
          questions: delivered(run.questions, event.at),
          // Whoever works on the branch again does more than move its base.
          confirmed: state.status === "running" ? null : run.confirmed,
        },
      );
    }

    case "step-spawned": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      return to(withActive(state, { ...active, step: { ...active.step, process: event.process } }));
    }

    case "step-finished": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      const fields = { head: event.head, costUsd: run.costUsd + event.costUsd };
      if (active.status === "reviewing") {
        const questions = withdrawOpen(
          run.questions,
          "the part of the council that asked it ended",
          event.at,
        );
        return to({ ...active, step: null, ended: event.step }, { ...fields, questions });
      }
      // Whatever was validated before, this step may have changed it.
      const checked = { ...fields, validation: null };
      const open = openQuestions(run).map(({ id }) => id);
      // Its asker is gone, but not what it needs to know: the work goes on with the answer.
      if (open.length > 0) {
        return to({ status: "waiting", open, then: running({ kind: "continue", note: "" }) }, checked);
      }
      if (run.notes.length > 0) {
        return to(running({ kind: "continue", note: run.notes.join("\n\n") }), { ...checked, notes: [] });
      }
      return to({ status: "checking", work: active.work }, checked);
    }

    case "step-asked": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      return to(
        {
          status: "waiting",
          open: [...openQuestions(run).map(({ id }) => id), event.question.id],
          then: { ...active, step: null },
        },
        {
          costUsd: run.costUsd + event.costUsd,
          questions: [...run.questions, { ...event.question, status: "open" }],
        },
      );
    }

    case "step-failed": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      return to(
        { status: "failed", failure: event.failure, then: brokenOff(active) },
        {
          agentSession: event.agentSessionLost ? null : run.agentSession,
          costUsd: run.costUsd + event.costUsd,
          endedAt: event.at,
          ...untold(run, active.step, run.questions),
        },
      );
    }
  }
}

/** What a person said in the order for this work itself. */
export function wordIn(active: Active): string[] {
  const note = active.status === "running" && "note" in active.work ? active.work.note : "";
  return note.trim() === "" ? [] : [note];
}

/** What a resume takes up: work that had a step is gone on with, and work that had none is begun as it was ordered. */
export function brokenOff(active: Active): Active {
  if (active.status !== "running" || active.step === null) return { ...active, step: null };
  return { ...active, step: null, work: { kind: "continue", note: "" } };
}

function withActive(state: RunState, active: Active): RunState {
  return state.status === "waiting" ? { ...state, then: active } : active;
}

/** A step is told every answer that is still to be handed over: by its call, or in its prompt. */
function delivered(questions: readonly Question[], at: string): Question[] {
  return questions.map((each) => (isUndelivered(each) ? { ...each, deliveredAt: at } : each));
}

function isUndelivered(question: Question): question is Extract<Question, { status: "answered" }> {
  return question.status === "answered" && question.deliveredAt === null;
}

/**
 * A step that was cut off may have heard what it was told, or not; the call that waited for an answer may be
 * over. So the next step gets it in its prompt: to hear it twice does no harm.
 */
export function untold(run: Run, step: LiveStep | null, questions: readonly Question[]): Partial<Run> {
  if (!step) return { questions };
  const { answers, notes } = step.tells;
  return {
    notes: [...notes, ...run.notes],
    questions: questions.map((each) =>
      each.status === "answered" && answers.includes(each.id) ? { ...each, deliveredAt: null } : each,
    ),
  };
}
