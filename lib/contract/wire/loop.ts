import { z } from "zod";
import { instant, itemId, repositoryId, sessionId } from "../ids.ts";
import { operation, projectRef, repositoryRef, text } from "./common.ts";

export const landingPolicies = ["auto", "ask"] as const;

/** An item that the loop leaves to a person. */
export const parkedView = z.object({
  item: itemId,
  title: z.string(),
  session: sessionId.nullable(),
  why: z.string(),
  /** Counts against the loop's limit of failures; what a person stopped does not. */
  isFailure: z.boolean(),
});
export type ParkedView = z.infer<typeof parkedView>;

/** A backlog being worked off: dispatch, landing and dispatch again, until nothing is left to do. */
export const loopView = z.object({
  id: z.string(),
  repository: repositoryId,
  /** Only items of this project; null for all. */
  project: z.string().nullable(),
  /** `auto` lands approved work by itself, `ask` leaves that to a person. */
  landing: z.enum(landingPolicies),
  status: z.enum(["running", "stopped", "finished"]),
  maxSessions: z.number().int(),
  maxFailures: z.number().int(),
  /** Why it ended, for people. */
  reason: z.string().nullable(),
  parked: z.array(parkedView),
  by: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
});
export type LoopView = z.infer<typeof loopView>;

export const loopCommands = {
  /** Where the same loop runs already it is answered as it is. Landing by itself needs the right to land. */
  "loop:start": operation(
    "operator",
    z.object({
      repository: repositoryRef,
      project: projectRef,
      landing: z.enum(landingPolicies).default("ask"),
      /** Dispatches in all. */
      maxSessions: z.number().int().min(1).max(10_000).default(200),
      /** Items that failed; then it begins nothing new. */
      maxFailures: z.number().int().min(1).max(10_000).default(10),
    }),
    z.object({ loop: loopView, started: z.boolean() }),
    "person",
  ),
  /** It begins nothing more; its sessions go on. Without id and project every running loop of the repository is meant. */
  "loop:stop": operation(
    "operator",
    z.object({
      repository: repositoryRef,
      project: projectRef,
      loop: text(100).nullable().default(null),
    }),
    z.object({ loops: z.array(loopView) }),
  ),
} as const;

export const loopReads = {
  /** Newest first. */
  loops: operation("viewer", z.object({ repository: repositoryRef }), z.array(loopView)),
} as const;
