import { z } from "zod";
import { instant, repositoryId } from "../ids.ts";
import { operation } from "./common.ts";

const bytes = z.number().int().min(0);

export const backupView = z.object({ file: z.string(), bytes, at: instant });
export type BackupView = z.infer<typeof backupView>;

/** What lies where, as it was when it was last measured. */
export const storageView = z.object({
  measuredAt: instant,
  /** Of the data folder's disk. */
  freeBytes: bytes,
  databaseBytes: bytes,
  backups: z.array(backupView),
  repositories: z.array(
    z.object({
      repository: repositoryId,
      name: z.string(),
      /** Directories of sessions: logs, events, files. */
      sessions: z.object({ count: z.number().int(), bytes }),
      worktrees: z.object({ count: z.number().int(), bytes }),
      /** What the archive refs alone keep in the repository. */
      archives: z.object({
        count: z.number().int(),
        bytes,
        /** So many hold work that is in no branch: they stay until a person removes them, unless it is said for how long. */
        onlyCopies: z.number().int(),
      }),
    }),
  ),
});
export type StorageView = z.infer<typeof storageView>;

export const storageCommands = {
  /** Copies the database while it is in use. */
  "backup:create": operation("owner", z.object({}), backupView),
  /** Removes what has ended longer ago than the retention says; a dry run only says what. */
  "storage:prune": operation(
    "owner",
    z.object({ dryRun: z.boolean().default(false) }),
    z.object({
      pruned: z.array(
        z.object({
          kind: z.enum(["session", "archive"]),
          name: z.string(),
          repository: repositoryId,
          why: z.string(),
        }),
      ),
    }),
  ),
} as const;

export const storageReads = {
  /** Measured in the background and kept for minutes; the first one waits for it. */
  storage: operation("viewer", z.object({}), storageView),
} as const;
