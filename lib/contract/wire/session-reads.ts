import { z } from "zod";
import {
  carriedSchema,
  heldSchema,
  partSchema,
  questionSchema,
  reviewSchema,
  uncountedSchema,
  validationSchema,
} from "../files.ts";
import { instant, objectId } from "../ids.ts";
import { flag, operation, repositoryRef, sessionRef, text } from "./common.ts";
import { landingView } from "./merging.ts";
import { meetingView } from "./overlap.ts";
import { questionView } from "./question.ts";
import { commentView, sessionView } from "./session.ts";

/** The council that sits now, or waits for an answer: what was said in it so far. */
export const sittingView = z.object({
  /** Which council of the session it is. */
  number: z.number().int().positive(),
  /** The part that is being held. */
  part: partSchema,
  /** Why the first attempt at this part did not count; null where it is the first. */
  flaw: z.string().nullable(),
  parts: z.array(heldSchema),
  uncounted: z.array(uncountedSchema),
  /** What it has to say the outcome of. */
  carried: z.array(carriedSchema),
  base: objectId,
  head: objectId,
  startedAt: instant,
  /** Since when its time counts, and what the session had cost by then: whoever lets it go on gives it both anew. */
  limitsFrom: z.object({ at: instant, costUsd: z.number() }),
});
export type SittingView = z.infer<typeof sittingView>;

export const sessionReads = {
  status: operation(
    "viewer",
    z.object({ repository: repositoryRef }),
    z.object({ sessions: z.array(sessionView), questions: z.array(questionView) }),
  ),
  sessions: operation(
    "viewer",
    z.object({
      repository: repositoryRef,
      open: flag,
      before: text(100).nullable().default(null),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    z.object({ sessions: z.array(sessionView), next: z.string().nullable() }),
  ),
  session: operation(
    "viewer",
    z.object({ session: sessionRef }),
    z.object({
      session: sessionView,
      questions: z.array(questionSchema),
      reviews: z.array(reviewSchema),
      comments: z.array(commentView),
      /** What the session's councils are held under, and who may decide against one. */
      council: z.object({
        rebuttals: z.number().int(),
        timeLimitMs: z.number().int(),
        budgetUsd: z.number().nullable(),
        reworkRounds: z.number().int(),
        overrule: z.enum(["landers", "owners", "operators", "nobody"]),
      }),
      sitting: sittingView.nullable(),
      validation: validationSchema.nullable(),
      summary: z.string().nullable(),
      /** The run's events in plain words, newest last. */
      timeline: z.array(z.object({ at: instant, kind: z.string(), text: z.string(), isBad: z.boolean() })),
      steps: z.array(z.object({ number: z.number().int(), purpose: z.string(), startedAt: instant })),
      landings: z.array(landingView),
      /** Other sessions that touch the same files while neither has landed. */
      meetings: z.array(meetingView),
    }),
  ),
  diff: operation(
    "viewer",
    z.object({ session: sessionRef }),
    z.object({
      base: objectId.nullable(),
      head: objectId.nullable(),
      files: z.array(
        z.object({
          path: z.string(),
          from: z.string().nullable(),
          kind: z.string(),
          added: z.number().int().nullable(),
          removed: z.number().int().nullable(),
        }),
      ),
      /** A unified diff of committed work. */
      text: z.string(),
      truncated: z.boolean(),
      /** Paths with changes that are not committed yet. */
      uncommitted: z.array(z.string()),
    }),
  ),
} as const;
