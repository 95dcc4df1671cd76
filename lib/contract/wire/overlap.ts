import { z } from "zod";
import { itemId, repositoryId, sessionId } from "../ids.ts";
import { operation, repositoryRef } from "./common.ts";

/** Another session whose worktree touches the same files, or works next to them. */
export const meetingView = z.object({
  session: sessionId,
  item: itemId,
  /** The first of the paths that both touch, relative to the repository; as untrusted as any file name. */
  files: z.array(z.string()),
  /** How many paths both touch; 0 where they only work in the same folders. */
  count: z.number().int(),
  folders: z.array(z.string()),
});

/** Whom a session that has not landed may collide with, the most shared files first; empty when with nobody. */
export const sessionOverlapView = z.object({
  session: sessionId,
  repository: repositoryId,
  meetings: z.array(meetingView),
});
export type SessionOverlapView = z.infer<typeof sessionOverlapView>;

export const overlapReads = {
  /** The sessions that meet others; without a repository all of them. */
  overlaps: operation("viewer", z.object({ repository: repositoryRef }), z.array(sessionOverlapView)),
} as const;
