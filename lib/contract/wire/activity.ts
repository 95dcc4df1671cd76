import { z } from "zod";
import { repositoryId } from "../ids.ts";
import { flag, operation } from "./common.ts";
import { factSchema } from "./facts.ts";

/** What happened, for people: a fact without the views that it carries. */
export const activityView = factSchema.omit({ changes: true });
export type ActivityView = z.infer<typeof activityView>;

export const activityReads = {
  /** Newest first. */
  activity: operation(
    "viewer",
    z.object({
      /** Null is all of them, and what belongs to none. */
      repository: repositoryId.nullable().default(null),
      /** Only what people did, not what agents, tools and the server do by themselves. */
      people: flag,
      /** Facts before this number: the `next` of the page before. */
      before: z.coerce.number().int().positive().nullable().default(null),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    z.object({ facts: z.array(activityView), next: z.number().int().nullable() }),
  ),
} as const;
