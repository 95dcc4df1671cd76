import { z } from "zod";
import { attentionKinds } from "#lib/domain/attention.ts";
import { instant, itemId, questionId, repositoryId, sessionId } from "../ids.ts";
import { operation, repositoryRef } from "./common.ts";

/** One thing that needs a person, with what its place in the queue comes from. */
export const attentionView = z.object({
  key: z.string(),
  kind: z.enum(attentionKinds),
  repository: repositoryId,
  item: z.object({ id: itemId, title: z.string() }),
  session: sessionId.nullable(),
  question: questionId.nullable(),
  /** One sentence for people. */
  text: z.string(),
  /** How many open items wait behind this one. */
  unblocks: z.number().int(),
  since: instant,
});
export type AttentionView = z.infer<typeof attentionView>;

export const attentionReads = {
  /** What holds up most comes first; of equals, what has waited longest. Without a repository it is about all. */
  inbox: operation("viewer", z.object({ repository: repositoryRef }), z.array(attentionView)),
} as const;
