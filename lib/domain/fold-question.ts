import { limitedAnew } from "./council-state.ts";
import type { EventOf, Fold, Transition } from "./fold.ts";
import {
  answer,
  choiceAsText,
  describeAnswerProblem,
  withdraw,
  type Choice,
  type Question,
} from "./question.ts";
import { activeOf } from "./run-state.ts";

/** What becomes of questions. */
export function foldQuestion(fold: Fold, event: EventOf<"asked" | "answered" | "withdrawn">): Transition {
  const { run, inbox, to, refuse } = fold;
  const { state } = run;
  switch (event.kind) {
    case "asked": {
      const active = activeOf(state);
      if (!active) return refuse("no step is open");
      const open = state.status === "waiting" ? [...state.open, event.question.id] : [event.question.id];
      return to(
        { status: "waiting", open, then: active },
        {
          questions: [...run.questions, { ...event.question, status: "open" }],
        },
      );
    }

    case "answered": {
      const question = run.questions.find((each) => each.id === event.question);
      if (!question) return refuse("there is no such question");
      const outcome = answer(question, event.answer);
      // It was withdrawn while the answer was on its way: nobody waits for it, and what the person said is told all the same.
      if ("problem" in outcome && outcome.problem.kind === "withdrawn" && state.status !== "approved")
        return to(state, { ...inbox, notes: [...run.notes, toldLate(question, event.answer.choices)] });
      if ("problem" in outcome) return refuse(describeAnswerProblem(outcome.problem));
      const polls = question.toolUseId === null;
      const isHeard = polls && activeOf(state)?.step != null;
      const kept: Question =
        isHeard && outcome.question.status === "answered"
          ? { ...outcome.question, deliveredAt: event.at }
          : outcome.question;
      const questions = run.questions.map((each) => (each.id === question.id ? kept : each));
      if (state.status !== "waiting") {
        // Ended meanwhile: kept, and delivered when the session is resumed.
        const then =
          "then" in state && state.then
            ? { ...state.then, deliver: polls ? state.then.deliver : question.id }
            : null;
        return to(then && "then" in state ? { ...state, then } : state, { ...inbox, questions });
      }
      const open = state.open.filter((id) => id !== question.id);
      const goesOn = limitedAnew(state.then, event.at, run.costUsd);
      const then = polls ? goesOn : { ...goesOn, deliver: question.id };
      return to(open.length > 0 ? { ...state, open, then } : then, { ...inbox, questions });
    }

    case "withdrawn": {
      const questions = run.questions.map((each) =>
        each.id === event.question ? withdraw(each, event.reason, event.at) : each,
      );
      if (state.status !== "waiting") return to(state, { questions });
      const open = state.open.filter((id) => id !== event.question);
      return to(open.length > 0 ? { ...state, open } : state.then, { questions });
    }
  }
}

function toldLate({ prompts }: Question, choices: readonly Choice[]): string {
  const answers = prompts.map(({ text }, index) => {
    const choice = choices[index];
    return `- ${text}\n  Answer: ${choice ? choiceAsText(choice) : ""}`;
  });
  return `You had asked this, and the answer came late:\n${answers.join("\n")}`;
}
