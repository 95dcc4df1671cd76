import { z } from "zod";
import { repositoryId } from "../ids.ts";
import { operation, repositoryRef, text } from "./common.ts";

export const repositoryView = z.object({
  id: repositoryId,
  name: z.string(),
  root: z.string(),
  base: z.string(),
  source: z.enum(["beads", "backlog"]),
  /** What is wrong with its backlog, its agent or its configuration, for people; null when all is well. */
  problem: z.string().nullable(),
});
export type RepositoryView = z.infer<typeof repositoryView>;

export const repositoryCommands = {
  "repository:add": operation(
    "owner",
    z.object({ path: text(4096).min(1) }),
    z.object({ repository: repositoryView, added: z.boolean() }),
  ),
} as const;

export const repositoryReads = {
  repositories: operation("viewer", z.object({}), z.array(repositoryView)),
  doctor: operation(
    "viewer",
    z.object({ repository: repositoryRef }),
    z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        level: z.enum(["ok", "warning", "error"]),
        text: z.string(),
        fix: z.string().nullable(),
      }),
    ),
  ),
} as const;
