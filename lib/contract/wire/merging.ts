import { z } from "zod";
import { instant, itemId, objectId, repositoryId, sessionId } from "../ids.ts";
import { operation, repositoryRef, sessionRef, text } from "./common.ts";
import { sessionStatuses, sessionView } from "./session.ts";

/** What the gate's commands came to for one built commit. */
export const gateView = z.object({
  /**
   * `flaky`: red at first, and green when it was tried once more. `not-ready`: the setup failed, so that nothing
   * is known of the work.
   */
  status: z.enum(["not-configured", "running", "passed", "flaky", "red", "not-ready"]),
  commands: z.array(
    z.object({
      name: z.string(),
      command: z.string(),
      /** Null where it did not come to an end of its own. */
      exit: z.number().int().nullable(),
      durationMs: z.number().int(),
      /** It is the second try. */
      retried: z.boolean(),
    }),
  ),
  /** Its output is the log `{ session, stream: "gate", step: log }`; null where it never ran. */
  log: z.number().int().nullable(),
});
export type GateView = z.infer<typeof gateView>;

export const landingView = z.object({
  id: z.string(),
  /** `revert` takes a merge back, through the same lane. */
  kind: z.enum(["merge", "revert"]),
  /** Landings that were ordered together, in the order of `startedAt`; null for one by itself. */
  train: z.string().nullable(),
  session: sessionId,
  repository: repositoryId,
  item: itemId,
  /** The approved commit that it is about. */
  head: objectId,
  status: z.enum([
    "running",
    "landed",
    "conflict",
    "gate-red",
    "base-moved",
    "checkout-in-the-way",
    /** The base was moved outside of Amplify, which a person has to acknowledge first. */
    "blocked",
    /** Handed over as a pull request; the base was not touched. */
    "proposed",
    "cancelled",
    "error",
  ]),
  step: z.string().nullable(),
  /** For people: what happened, what was kept, what to do. */
  message: z.string(),
  conflicts: z.array(z.string()),
  gate: gateView.nullable(),
  commit: objectId.nullable(),
  /** Of the pull request, or where to open one; null for none. */
  url: z.string().nullable(),
  by: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
});
export type LandingView = z.infer<typeof landingView>;

/** One file that two sides of a merge cannot agree on. */
export const conflictView = z.object({
  path: z.string(),
  /** In git's words: `contents`, `modify/delete`, `add/add`, `rename/delete`, `binary`, … */
  kind: z.string(),
  /** Lines of the file as the merge would write it, with its markers; at most 20 hunks. */
  hunks: z.array(
    z.object({
      /** Of the first and the last marker, counted from 1. */
      from: z.number().int(),
      to: z.number().int(),
      /** The two versions, at most 20 lines each. */
      ours: z.string(),
      theirs: z.string(),
    }),
  ),
});
export type ConflictView = z.infer<typeof conflictView>;

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

/** One session that could land, and what it would meet on the base as it stands now. */
export const planEntryView = z.object({
  session: sessionId,
  item: itemId,
  title: z.string(),
  status: z.enum(sessionStatuses),
  head: objectId,
  clean: z.boolean(),
  conflicts: z.array(conflictView),
  /** Why its approval does not hold any more; null while it does. */
  outdated: z.string().nullable(),
  /** Why the checkout cannot be brought along. */
  obstacles: z.array(z.string()),
  files: z.number().int(),
  added: z.number().int(),
  removed: z.number().int(),
  /** What people should know before: submodules, and files of Git LFS. */
  notes: z.array(z.string()),
  /** Why only a person may land it, whatever the policy says: label, path or size. */
  asks: z.array(z.string()),
  /** The last result of the gate for this session; `isCurrent`: for exactly the tree that would land now. */
  gate: gateView.extend({ at: instant, isCurrent: z.boolean() }).nullable(),
});
export type PlanEntryView = z.infer<typeof planEntryView>;

/** Two sessions that do not go together as they are. Pairs that touch nothing in common are left out. */
export const overlapView = z.object({
  a: sessionId,
  b: sessionId,
  /** `conflict`: whichever lands second has to be reworked; `shared`: it has to be checked anew. */
  kind: z.enum(["conflict", "shared"]),
  /** Files of both. */
  files: z.array(z.string()),
  conflicts: z.array(conflictView),
});
export type OverlapView = z.infer<typeof overlapView>;

export const mergePlanView = z.object({
  repository: repositoryId,
  /** The branch, and its tip that all of this is about. */
  base: z.object({ name: z.string(), tip: objectId }),
  entries: z.array(planEntryView),
  overlaps: z.array(overlapView),
  /** The order that lands most: first those that land at once, then those that are checked anew in between. */
  order: z.array(z.object({ session: sessionId, how: z.enum(["at-once", "after-check"]) })),
  /** What does not land, and because of what. */
  leftOut: z.array(z.object({ session: sessionId, because: sessionId.nullable(), why: z.string() })),
  /** What is not compared, as there is too much of it; null where all is. */
  cut: z.string().nullable(),
  /** What people should know of every landing here: that nothing is tested, that its hooks play no part. */
  notes: z.array(z.string()),
});
export type MergePlanView = z.infer<typeof mergePlanView>;

export const mergingCommands = {
  /** Lands one session, or all approved ones of the repository in the order that lands most. */
  "merge:start": operation(
    "operator",
    z.object({ repository: repositoryRef, session: sessionRef.nullable().default(null) }),
    z.object({ landings: z.array(landingView) }),
    "land",
  ),
  /** Ends the landing of one session, or all of the repository that have not moved the base yet. */
  "merge:cancel": operation(
    "operator",
    z.object({ repository: repositoryRef, session: sessionRef.nullable().default(null) }),
    z.object({
      cancelled: z.array(landingView),
      /** Those that the base holds already. */
      tooLate: z.array(landingView),
    }),
    "land",
  ),
  /** Takes a landed session back by a revert commit, and opens its item again with the reason. */
  "merge:revert": operation(
    "operator",
    z.object({ session: sessionRef, reason: text(2000).trim().min(1) }),
    z.object({ landing: landingView }),
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
  /** To be read anew after `base:moved` and whenever a session becomes or ceases to be approved. */
  "merge-plan": operation("viewer", z.object({ repository: repositoryRef }), mergePlanView),
} as const;
