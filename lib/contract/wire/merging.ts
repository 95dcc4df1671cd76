import { z } from "zod";
import { instant, itemId, objectId, repositoryId, sessionId } from "../ids.ts";
import { operation, repositoryRef, sessionRef } from "./common.ts";
import { sessionView } from "./session.ts";

export const landingView = z.object({
  id: z.string(),
  session: sessionId,
  repository: repositoryId,
  item: itemId,
  status: z.enum([
    "running",
    "landed",
    "conflict",
    "gate-red",
    "base-moved",
    "checkout-in-the-way",
    "cancelled",
    "error",
  ]),
  step: z.string().nullable(),
  /** For people: what happened, what was kept, what to do. */
  message: z.string(),
  conflicts: z.array(z.string()),
  commit: objectId.nullable(),
  by: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
});
export type LandingView = z.infer<typeof landingView>;

export const previewView = z.object({
  session: sessionId,
  base: objectId,
  head: objectId,
  clean: z.boolean(),
  conflicts: z.array(z.string()),
  /** Why the checkout cannot be brought along; empty when it can. */
  obstacles: z.array(z.string()),
  files: z.number().int(),
  added: z.number().int(),
  removed: z.number().int(),
});
export type PreviewView = z.infer<typeof previewView>;

export const mergingCommands = {
  /** Lands one session, or all approved ones of the repository in order. */
  "merge:start": operation(
    "operator",
    z.object({ repository: repositoryRef, session: sessionRef.nullable().default(null) }),
    z.object({ landings: z.array(landingView) }),
    "land",
  ),
} as const;

export const mergingReads = {
  merges: operation(
    "viewer",
    z.object({ repository: repositoryRef }),
    z.object({ approved: z.array(sessionView), landings: z.array(landingView) }),
  ),
  preview: operation("viewer", z.object({ session: sessionRef }), previewView),
} as const;
