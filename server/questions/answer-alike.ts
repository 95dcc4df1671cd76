import type { CommandOutput } from "#lib/contract/wire.ts";
import { describeAnswerProblem } from "#lib/domain/question.ts";
import { isAlive } from "#lib/domain/run-state.ts";
import { likeness } from "#lib/domain/standing-answer.ts";
import { ProblemError } from "../application.ts";
import type { Handler } from "../sessions/command.ts";
import type { Change, QuestionRow, SessionRow } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";
import { giveAnswer } from "./give-answer.ts";

type Result = CommandOutput<"question:answer-alike">["results"][number];

/** Gives one answer to questions that are alike, in one decision; what cannot take it is told and left as it is. */
export function createAnswerAlike(room: Room): Handler<"question:answer-alike"> {
  const { store } = room;

  return ({ questions: chosen, choices }, { actor, settle }) =>
    settle(async (at) => {
      const rows = new Map<string, SessionRow>();
      const results: Result[] = [];
      const answered: QuestionRow[] = [];
      const effects: NonNullable<Change["effects"]>[number][] = [];
      const facts: NonNullable<Change["facts"]>[number][] = [];
      const audit: NonNullable<Change["audit"]>[number][] = [];
      let first: string | null = null;
      for (const { session, question: id } of chosen) {
        const refuse = (problem: string) => results.push({ session, question: id, delivery: null, problem });
        const row = rows.get(session) ?? (await store.session(session));
        const stored = row ? await store.questionsOf(row.id) : [];
        const questions = stored.map(
          (each) =>
            answered.find((done) => done.session === session && done.question.id === each.id)?.question ??
            each,
        );
        const question = questions.find((each) => each.id === id);
        if (!row || !question) {
          refuse(`There is no question ${id} there.`);
          continue;
        }
        first ??= likeness(question);
        if (likeness(question) !== first) {
          throw new ProblemError(
            "invalid",
            `${session} ${id} asks something else than the first one; nothing was answered.`,
            "Answer it by itself.",
          );
        }
        if (row.state.status === "merged") {
          refuse(`${row.id} has landed; nobody waits for this answer.`);
          continue;
        }
        const given = giveAnswer({
          row,
          questions,
          question,
          answered: { choices, by: actor.name, at },
          downstream: room.downstreamOf(row),
          text: `${actor.name} answered ${id} of ${row.item}.`,
        });
        if ("problem" in given) {
          refuse(describeAnswerProblem(given.problem));
          continue;
        }
        const run = await room.intake.runOf(row);
        rows.set(session, given.row);
        answered.push({ session, question: given.view.question });
        effects.push(...given.change.effects);
        facts.push(...given.change.facts);
        audit.push(...given.change.audit);
        results.push({
          session,
          question: id,
          delivery: isAlive(run.state) ? "delivered" : "kept",
          problem: null,
        });
      }
      const change = { sessions: [...rows.values()], questions: answered, effects, facts, audit };
      return { change, answer: { results } };
    });
}
