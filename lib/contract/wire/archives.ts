import { z } from "zod";
import { instant, itemId, objectId, repositoryId, sessionId } from "../ids.ts";
import { operation, repositoryRef, sessionRef, text } from "./common.ts";

/** Work that was kept before its branch or worktree went. */
export const archiveView = z.object({
  /** `refs/amplify/archive/<session>/<commit>`. */
  ref: z.string(),
  repository: repositoryId,
  session: sessionId,
  /** Null where the session is not known any more. */
  item: z.object({ id: itemId, title: z.string() }).nullable(),
  commit: objectId,
  /** First line of the commit's message. */
  subject: z.string(),
  /** When and why it was kept; null where git has let the ref's log expire. */
  keptAt: instant.nullable(),
  why: z.string().nullable(),
  committedAt: instant,
  /** The base holds all of it: removing it loses nothing. */
  merged: z.boolean(),
  /** Against where it left the base; null for merged work. */
  changes: z
    .object({ files: z.number().int(), added: z.number().int(), removed: z.number().int() })
    .nullable(),
  /** Branches that it was restored to and that still point at it. */
  branches: z.array(z.string()),
});
export type ArchiveView = z.infer<typeof archiveView>;

/** The commit's id or a unique beginning of it, a full ref, or the id of a session with one archive. */
const archiveRef = text(400).min(4);

export const archiveCommands = {
  /** Makes a branch at the archived commit; nothing else is touched. A name that is taken is refused. */
  "archive:restore": operation(
    "operator",
    z.object({
      repository: repositoryRef,
      archive: archiveRef,
      /** Null: `restored/<item>-<commit>`. */
      branch: text(200).min(1).nullable().default(null),
    }),
    z.object({
      branch: z.string(),
      commit: objectId,
      /** False where the branch was there already, at this commit. */
      made: z.boolean(),
    }),
  ),
  /** Work that the base does not hold is lost with its archive, so that takes `force`. */
  "archive:remove": operation(
    "owner",
    z.object({ repository: repositoryRef, archive: archiveRef, force: z.boolean().default(false) }),
    z.object({ archive: archiveView }),
  ),
} as const;

export const archiveReads = {
  /** The newest first, at most 500 a repository; of one session, or of all repositories where none is named. */
  archives: operation(
    "viewer",
    z.object({ repository: repositoryRef, session: sessionRef.nullable().default(null) }),
    z.array(archiveView),
  ),
  archive: operation(
    "viewer",
    z.object({ repository: repositoryRef, archive: archiveRef }),
    z.object({
      archive: archiveView,
      files: z.array(z.object({ path: z.string(), kind: z.string() })),
      /** A unified diff against where it left the base. */
      text: z.string(),
      truncated: z.boolean(),
    }),
  ),
} as const;
