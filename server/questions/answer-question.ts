import type { Choice, Question } from "#lib/domain/question.ts";
import { choiceFromText, describeAnswerProblem } from "#lib/domain/question.ts";
import { isAlive } from "#lib/domain/run-state.ts";
import { ProblemError } from "../application.ts";
import type { Handler, Parsed } from "../sessions/command.ts";
import { findSession } from "../sessions/find-session.ts";
import type { QuestionRow } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";
import { giveAnswer } from "./give-answer.ts";

/**
 * Takes a person's answer: the row first, then the message to the runner. The first answer wins; it is
 * delivered where an agent waits for it, else kept until the session is resumed.
 */
export function createAnswerQuestion(room: Room): Handler<"question:answer"> {
  const { store } = room;

  return async (input, { actor, settle }) => {
    const asked = await findQuestion(input);
    return settle(async (at) => {
      const before = await store.session(asked.session);
      const questions = await store.questionsOf(asked.session);
      const question = questions.find(({ id }) => id === asked.question.id);
      if (!before || !question) throw await unknownQuestion(asked.question.id);
      if (before.state.status === "merged") {
        throw new ProblemError("conflict", `${before.id} has landed; nobody waits for this answer.`);
      }
      const choices = choicesOf(input, question);
      const given = giveAnswer({
        row: before,
        questions,
        question,
        answered: { choices, by: actor.name, at },
        downstream: room.downstreamOf(before),
        text: `${actor.name} answered ${question.id} of ${before.item}.`,
      });
      if ("problem" in given) {
        const isLate = given.problem.kind === "already-answered" || given.problem.kind === "withdrawn";
        throw new ProblemError(
          isLate ? "conflict" : "invalid",
          describeAnswerProblem(given.problem),
          isLate ? null : partsOf(question),
        );
      }
      const run = await room.intake.runOf(before);
      return {
        answer: { question: given.view, delivery: isAlive(run.state) ? "delivered" : "kept" },
        change: {
          sessions: [given.row],
          questions: [{ session: given.row.id, question: given.view.question }],
          ...given.change,
        },
      };
    });
  };

  async function findQuestion(input: Parsed<"question:answer">): Promise<QuestionRow> {
    if (input.session === null) return onlyOpen(input, await store.questions(null, false));
    const { id } = await findSession(store, input.session);
    const questions = (await store.questionsOf(id)).map((question) => ({ session: id, question }));
    if (input.question === null) {
      return onlyOpen(
        input,
        questions.filter(({ question }) => question.status === "open"),
      );
    }
    const found = questions.find(({ question }) => question.id === input.question);
    if (!found) throw await unknownQuestion(input.question);
    return found;
  }

  async function onlyOpen({ question: wanted }: Parsed<"question:answer">, open: readonly QuestionRow[]) {
    const fitting = wanted === null ? open : open.filter(({ question }) => question.id === wanted);
    const [only, second] = fitting;
    if (!only)
      throw wanted === null
        ? new ProblemError("not-found", "No question is open.")
        : await unknownQuestion(wanted);
    if (second)
      throw new ProblemError(
        "ambiguous",
        `More than one question is open.\n${list(fitting)}`,
        "Say which session and question.",
      );
    return only;
  }

  async function unknownQuestion(id: string): Promise<ProblemError> {
    const open = await store.questions(null, false);
    const rest = open.length > 0 ? `Open questions:\n${list(open)}` : "No question is open.";
    return new ProblemError("not-found", `There is no question ${id} there.`, rest);
  }
}

function list(rows: readonly QuestionRow[]): string {
  return rows
    .slice(0, 50)
    .map(({ session, question }) => `  ${session} ${question.id}: ${question.prompts[0]?.text ?? ""}`)
    .join("\n");
}

function choicesOf({ choices, text }: Parsed<"question:answer">, question: Question): readonly Choice[] {
  if (choices) return choices;
  if (text === null)
    throw new ProblemError("invalid", "The answer is empty.", "Give a text, or one choice per part.");
  const [prompt, ...others] = question.prompts;
  if (!prompt || others.length > 0) {
    throw new ProblemError(
      "invalid",
      `${question.id} asks ${question.prompts.length} things.`,
      partsOf(question),
    );
  }
  return [choiceFromText(prompt, text)];
}

function partsOf({ prompts }: Question): string {
  return prompts
    .map(({ text, options }, index) => {
      const labels = options.map(({ label }) => label).join(" | ");
      return `${index + 1}. ${text}${labels ? ` (${labels}, or free text)` : ""}`;
    })
    .join("\n");
}
