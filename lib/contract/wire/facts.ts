import { z } from "zod";
import { instant, itemId, repositoryId, sessionId } from "../ids.ts";
import { itemView } from "./item.ts";
import { loopView } from "./loop.ts";
import { landingView } from "./merging.ts";
import { sessionOverlapView } from "./overlap.ts";
import { questionView } from "./question.ts";
import { repositoryView } from "./repository.ts";
import { sessionView } from "./session.ts";
import { meView } from "./team.ts";

export const factNames = [
  "repository:added",
  "repository:changed",
  "repository:removed",
  /** Somebody acted on the repository behind our back; what and how grave is in its view. */
  "repository:alarmed",
  "session:dispatched",
  "session:started",
  "session:moved",
  "session:failed",
  "session:stopped",
  "question:asked",
  "question:answered",
  "question:withdrawn",
  "answers:added",
  "answers:revoked",
  "review:started",
  "review:concluded",
  "review:overruled",
  "comment:added",
  "comment:removed",
  "merge:started",
  "merge:advanced",
  "merge:landed",
  "merge:refused",
  "overlap:seen",
  "merge:reverted",
  /** The base's tip is another one: by a landing, a person's commit, or from outside. */
  "base:moved",
  "backlog:changed",
  "loop:started",
  "loop:advanced",
  "loop:stopped",
  "loop:finished",
  "archive:restored",
  "archive:removed",
  "storage:pruned",
  /** Who is in the team, or what they may do, has changed: whoever shows it reads `team` again. */
  "team:changed",
  "warning:raised",
] as const;
export type FactName = (typeof factNames)[number];

/**
 * Something that happened. `changes` holds the new views of what it touched, so that a client keeps up
 * by putting them in place of the old ones; applying a fact twice is harmless.
 */
export const factSchema = z.object({
  seq: z.number().int().positive(),
  at: instant,
  name: z.enum(factNames),
  repository: repositoryId.nullable(),
  session: sessionId.nullable(),
  actor: z.string(),
  /** One sentence for people. */
  text: z.string(),
  changes: z.object({
    repositories: z.array(repositoryView).optional(),
    /** With them goes all that belongs to them. */
    removedRepositories: z.array(repositoryId).optional(),
    sessions: z.array(sessionView).optional(),
    questions: z.array(questionView).optional(),
    items: z.array(itemView).optional(),
    removedItems: z.array(z.object({ repository: repositoryId, id: itemId })).optional(),
    landings: z.array(landingView).optional(),
    /** Each in place of the old one; without meetings it is over. */
    overlaps: z.array(sessionOverlapView).optional(),
    loops: z.array(loopView).optional(),
  }),
});
export type Fact = z.infer<typeof factSchema>;

/** All that a fresh client needs; `seq` is the last fact that it includes. */
export const snapshotSchema = z.object({
  seq: z.number().int().min(0),
  me: meView,
  repositories: z.array(repositoryView),
  /** Every open session and the newest ended ones. */
  sessions: z.array(sessionView),
  /** The open questions. */
  questions: z.array(questionView),
  /** The open items, at most 1,000 a repository. */
  items: z.array(itemView),
  landings: z.array(landingView),
  /** Of the sessions that meet others. */
  overlaps: z.array(sessionOverlapView),
  /** Those that run and the newest ended ones. */
  loops: z.array(loopView),
  /** The newest facts, for the activity feed. */
  recent: z.array(factSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** What `follow` answers: the missed facts, or a snapshot where they are too many or unknown. */
export const followAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("facts"), facts: z.array(factSchema) }),
  z.object({ kind: z.literal("snapshot"), snapshot: snapshotSchema }),
]);
export type FollowAnswer = z.infer<typeof followAnswer>;
