import { z } from "zod";
import { branchName, instant, itemId, objectId, repositoryId, sessionId } from "../ids.ts";
import { operation, projectRef, repositoryRef, sessionRef, text } from "./common.ts";

export const sessionStatuses = [
  "queued",
  "preparing",
  "running",
  "waiting",
  "completed",
  "reviewing",
  "approved",
  "outdated",
  "rejected",
  "merging",
  "merged",
  "failed",
  "stopped",
  "interrupted",
] as const;

/** How we know what we say about a living session. */
export const evidenceView = z.object({
  /** `alive`: the process was seen; `stopped`: it was seen, and somebody has suspended it; `gone`: it was not; `none`: none is expected now. */
  process: z.enum(["alive", "stopped", "gone", "none", "unknown"]),
  lastByteAt: instant.nullable(),
  /** The tool that the agent is in, and since when. */
  tool: z.object({ name: z.string(), since: instant }).nullable(),
  /** The agent's own attempts at its service, while it waits for the next one. */
  retry: z
    .object({ attempt: z.number().int(), of: z.number().int(), error: z.string(), nextAt: instant })
    .nullish(),
  /** What the agent has running in the background; left out where nothing is. */
  background: z.array(z.string()).optional(),
  /** Bytes that its steps have printed, and how many they may; a session that prints more is ended. Left out where no agent runs. */
  log: z.object({ bytes: z.number().int(), limitBytes: z.number().int() }).optional(),
  derived: z.enum(["stale", "unknown"]).nullable(),
});

export const sessionView = z.object({
  id: sessionId,
  repository: repositoryId,
  item: z.object({
    id: itemId,
    title: z.string(),
    type: z.string(),
    priority: z.number(),
    labels: z.array(z.string()),
  }),
  agent: z.object({ cli: z.string(), type: z.string(), why: z.string() }),
  status: z.enum(sessionStatuses),
  since: instant,
  phase: z.enum(["implementation", "review"]),
  round: z.number().int(),
  steps: z.number().int(),
  pid: z.number().int().nullable(),
  branch: branchName,
  worktree: z.string(),
  directory: z.string(),
  base: objectId.nullable(),
  head: objectId.nullable(),
  /** First line of the summary. */
  summary: z.string().nullable(),
  verdict: z.enum(["approved", "rejected", "no-verdict"]).nullable(),
  /** Why it failed, is outdated or was stopped; and what to do. */
  reason: z.object({ code: z.string(), text: z.string(), detail: z.string(), remedy: z.string() }).nullable(),
  /** Attempts since its last progress. While `waits` it goes on by itself at `at`, or where that is null by `queue resume`. */
  retry: z
    .object({
      at: instant.nullable(),
      waits: z.boolean(),
      attempt: z.number().int(),
      of: z.number().int(),
    })
    .nullish(),
  openQuestions: z.number().int(),
  /** People's comments on the diff that are not sent yet. */
  comments: z.number().int(),
  /** A person's decision against the council, where one stands. */
  overruled: z
    .object({
      verdict: z.enum(["approved", "rejected"]),
      by: z.string(),
      reason: z.string(),
      at: instant,
      head: objectId,
    })
    .nullable(),
  changes: z
    .object({ files: z.number().int(), added: z.number().int(), removed: z.number().int() })
    .nullable(),
  costUsd: z.number(),
  mergeCommit: objectId.nullable(),
  byHand: z.boolean(),
  /** Its merge was taken back: by which commit, by whom and why; null while it stands. */
  reverted: z.object({ commit: objectId, by: z.string(), at: instant, reason: z.string() }).nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  createdBy: z.string(),
  evidence: evidenceView,
});
export type SessionView = z.infer<typeof sessionView>;

/** Pushed besides facts, at most once a second a session, never stored: signs of life. */
export const pulseSchema = z.object({ session: sessionId, evidence: evidenceView });
export type Pulse = z.infer<typeof pulseSchema>;

const commentId = z.string().regex(/^c-[0-9]{1,4}$/);

/** A person's word on a line of the diff: it waits (`open`) until it goes with a rework (`sent`). */
export const commentView = z.object({
  id: commentId,
  file: z.string(),
  line: z.number().int().nullable(),
  side: z.enum(["new", "old"]),
  text: z.string(),
  by: z.string(),
  at: instant,
  status: z.enum(["open", "sent"]),
});
export type CommentView = z.infer<typeof commentView>;

const dispatched = z.object({
  session: sessionView,
  /** What was replaced by a re-dispatch: archive refs and the old session. */
  replaced: z.object({ session: sessionId, archived: z.array(z.string()) }).nullable(),
});

export const sessionCommands = {
  "session:dispatch": operation(
    "operator",
    z.object({ repository: repositoryRef, item: itemId, agentType: text(100).nullable().default(null) }),
    dispatched,
  ),
  /** A session for every item that can be worked on; `project` narrows it, and an unknown one is refused. */
  "session:dispatch-ready": operation(
    "operator",
    z.object({ repository: repositoryRef, project: projectRef }),
    z.object({
      dispatched: z.array(sessionView),
      skipped: z.array(z.object({ item: itemId, title: z.string(), why: z.string() })),
    }),
  ),
  "session:stop": operation(
    "operator",
    z.object({ session: sessionRef, discard: z.boolean().default(false), reason: text(2000).default("") }),
    z.object({ session: sessionView }),
  ),
  "session:resume": operation(
    "operator",
    z.object({ session: sessionRef, note: text(100_000).default(""), fresh: z.boolean().default(false) }),
    z.object({ session: sessionView }),
  ),
  /** Every session that a restart of the machine has cut off, within the limit of sessions at work; `all` in every repository. */
  "session:resume-interrupted": operation(
    "operator",
    z.object({ repository: repositoryRef, all: z.boolean().default(false) }),
    z.object({ resumed: z.array(sessionId) }),
  ),
  "session:rework": operation(
    "operator",
    /** Comments on the diff that are open go with it; the note may be empty where there are some. */
    z.object({ session: sessionRef, note: text(100_000).default("") }),
    z.object({ session: sessionView }),
    "person",
  ),
  /**
   * Decides against the council: approves what it refused, or refuses what it approved. `head` is the change that
   * the person looked at. The repository's configuration may ask for a higher role.
   */
  "session:overrule": operation(
    "operator",
    z.object({
      session: sessionRef,
      verdict: z.enum(["approve", "reject"]),
      reason: text(2000).trim().min(1),
      head: objectId.nullable().default(null),
    }),
    z.object({ session: sessionView }),
    "person",
  ),
  "comment:add": operation(
    "operator",
    z.object({
      session: sessionRef,
      file: text(4096).min(1),
      line: z.number().int().min(1).max(10_000_000).nullable().default(null),
      side: z.enum(["new", "old"]).default("new"),
      text: text(20_000).trim().min(1),
    }),
    z.object({ comment: commentView, session: sessionView }),
    "person",
  ),
  /** Until it is sent. */
  "comment:remove": operation(
    "operator",
    z.object({ session: sessionRef, comment: commentId }),
    z.object({ session: sessionView }),
  ),
  /** Sends work back to its agent for what its last landing came to: the base is merged in, or the gate's output handed over. */
  "session:send-back": operation(
    "operator",
    z.object({ session: sessionRef, note: text(100_000).default("") }),
    z.object({ session: sessionView }),
  ),
  "session:message": operation(
    "operator",
    z.object({ session: sessionRef, text: text(100_000).min(1) }),
    z.object({ session: sessionView }),
    "person",
  ),
  /** Records what the evidence says: dead sessions fail by their runner's word, silent ones are stale. `done` is
   * the state by then, `stale`, `unknown` where the runner has not judged it, or `nothing` in a dry run. */
  "session:cleanup": operation(
    "operator",
    z.object({ repository: repositoryRef, dryRun: z.boolean().default(false) }),
    z.object({
      checked: z.number().int(),
      findings: z.array(
        z.object({ session: sessionId, was: z.enum(sessionStatuses), found: z.string(), done: z.string() }),
      ),
    }),
  ),
} as const;
