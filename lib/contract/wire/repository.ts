import { z } from "zod";
import { instant, itemId, repositoryId } from "../ids.ts";
import { operation, repositoryRef, text } from "./common.ts";

/** What somebody did behind our back; it stays until a person acknowledges it. */
export const alarmView = z.object({
  /** `base-moved`: work that nobody approved came onto the base, or landed work is gone from it. */
  kind: z.enum(["base-moved", "config-changed"]),
  at: instant,
  /** For people: what was seen, and what to look at. */
  text: z.string(),
  /** Nothing lands while it stands. */
  blocks: z.boolean(),
});
export type AlarmView = z.infer<typeof alarmView>;

export const repositoryView = z.object({
  id: repositoryId,
  name: z.string(),
  root: z.string(),
  base: z.string(),
  source: z.enum(["beads", "backlog"]),
  /** What is wrong with its backlog, its agent or its configuration, for people; null when all is well. */
  problem: z.string().nullable(),
  alarms: z.array(alarmView),
});
export type RepositoryView = z.infer<typeof repositoryView>;

export const repositoryCommands = {
  "repository:add": operation(
    "owner",
    z.object({ path: text(4096).min(1) }),
    z.object({ repository: repositoryView, added: z.boolean() }),
  ),
  /**
   * Amplify manages it no longer; refused while a session or a loop of it goes on. Nothing in its folder is touched, and
   * what is kept of it counts again when it is added again.
   */
  "repository:remove": operation(
    "owner",
    z.object({ repository: repositoryId }),
    z.object({ repository: repositoryView }),
  ),
  /** A person has looked at the repository's alarms: they end, and landings go on. */
  "repository:acknowledge": operation(
    "owner",
    z.object({ repository: repositoryRef, note: text(2000).default("") }),
    z.object({ repository: repositoryView, acknowledged: z.array(alarmView) }),
  ),
} as const;

export const repositoryReads = {
  repositories: operation("viewer", z.object({}), z.array(repositoryView)),
  /** The roles that agents can work under there, and which one `item` would get where none is asked for. */
  "agent-types": operation(
    "viewer",
    z.object({ repository: repositoryRef, item: itemId.nullable().default(null) }),
    z.object({
      types: z.array(z.string()),
      choice: z.object({ type: z.string(), why: z.string() }).nullable(),
    }),
  ),
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
