import { z } from "zod";
import { choiceSchema } from "../files.ts";
import { instant, questionId, repositoryId } from "../ids.ts";
import { flag, operation, repositoryRef, sessionRef, text } from "./common.ts";

/** Which questions a standing answer is for. */
const answerRule = z.object({
  /** The texts of all parts, in their order. */
  texts: z.array(text(20_000).min(1)).min(1).max(20),
  /** The options of each part, where they have to be these too; null where they may differ. */
  options: z
    .array(z.array(text(1000)).max(20))
    .max(20)
    .nullable(),
  /** Only questions of this agent type; null for every one. */
  agentType: text(100).min(1).nullable(),
});

export const standingAnswerView = z.object({
  /** What people call it by: `#3`. */
  id: z.number().int().positive(),
  repository: repositoryId,
  rule: answerRule,
  choices: z.array(choiceSchema),
  by: z.string(),
  createdAt: instant,
  /** How many questions it has answered, and when it did so last. */
  used: z.number().int(),
  usedAt: instant.nullable(),
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
});
export type StandingAnswerView = z.infer<typeof standingAnswerView>;

export const standingAnswerCommands = {
  /**
   * Answers every later question like one from now on. The rule is given as it stands, or taken from a question
   * (open or answered) and then narrowed or widened by the person. `replaces` revokes an older one with it.
   */
  "answers:add": operation(
    "operator",
    z.object({
      repository: repositoryRef,
      rule: answerRule.nullable().default(null),
      from: z.object({ session: sessionRef, question: questionId }).nullable().default(null),
      /** Without it the answer that `from` got. */
      choices: z.array(choiceSchema).min(1).max(20).nullable().default(null),
      replaces: z.number().int().positive().nullable().default(null),
    }),
    z.object({ answer: standingAnswerView }),
    "person",
  ),
  /** From now on a person is asked again; what it has answered stands. */
  "answers:remove": operation(
    "operator",
    z.object({ id: z.number().int().positive() }),
    z.object({ answer: standingAnswerView }),
    "person",
  ),
} as const;

export const standingAnswerReads = {
  /** Newest first; with `all` those that were revoked too. */
  answers: operation(
    "viewer",
    z.object({ repository: repositoryRef, all: flag }),
    z.array(standingAnswerView),
  ),
} as const;
