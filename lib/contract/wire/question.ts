import { z } from "zod";
import { choiceSchema, questionSchema } from "../files.ts";
import { itemId, questionId, repositoryId, sessionId } from "../ids.ts";
import { flag, operation, repositoryRef, sessionRef, text } from "./common.ts";

export const questionView = z.object({
  session: sessionId,
  repository: repositoryId,
  item: z.object({ id: itemId, title: z.string() }),
  question: questionSchema,
  /** How many open items waited behind this one when the view was made; the backlog may have moved since. */
  downstream: z.number().int(),
});
export type QuestionView = z.infer<typeof questionView>;

export const questionCommands = {
  "question:answer": operation(
    "operator",
    z.object({
      session: sessionRef.nullable().default(null),
      question: questionId.nullable().default(null),
      /** One per prompt; or one line of text for a question with one prompt. */
      choices: z.array(choiceSchema).min(1).max(20).nullable().default(null),
      text: text(100_000).nullable().default(null),
    }),
    z.object({ question: questionView, delivery: z.enum(["delivered", "kept"]) }),
    "person",
  ),
  /** One answer for questions that are alike; each is answered, or refused, by itself. */
  "question:answer-alike": operation(
    "operator",
    z.object({
      questions: z
        .array(z.object({ session: sessionId, question: questionId }))
        .min(1)
        .max(100),
      choices: z.array(choiceSchema).min(1).max(20),
    }),
    z.object({
      results: z.array(
        z.object({
          session: sessionId,
          question: questionId,
          delivery: z.enum(["delivered", "kept"]).nullable(),
          /** Why it was not answered. */
          problem: text(2000).nullable(),
        }),
      ),
    }),
    "person",
  ),
} as const;

export const questionReads = {
  questions: operation("viewer", z.object({ repository: repositoryRef, all: flag }), z.array(questionView)),
} as const;
