import type { EventLine, Spec } from "#lib/contract/files.ts";
import type { Presence } from "#lib/contract/runner.ts";
import type { AlarmView, BackupView, Fact, LoopView, SessionView } from "#lib/contract/wire.ts";
import type { Comment } from "#lib/domain/comment.ts";
import type { ItemId, ObjectId, RepositoryId, SessionId } from "#lib/domain/ids.ts";
import type { Role } from "#lib/domain/review.ts";
import type { Attention } from "#lib/domain/attention.ts";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import type { AgentTypeRule } from "#lib/domain/scheduling.ts";
import type { SessionState, SessionStatus } from "#lib/domain/session.ts";
import type { Question } from "#lib/domain/question.ts";
import type { AskRule } from "#lib/domain/ask-rules.ts";
import type { StandingAnswer } from "#lib/domain/standing-answer.ts";
import type { Landing, LandingAfter, LandingRules } from "../merging/ports.ts";
import type { TeamChange } from "../team/ports.ts";

/* ------------------------------------------------------------------ rows */

export interface RepositoryRow {
  readonly id: RepositoryId;
  readonly name: string;
  /** Root of the main checkout, absolute and real. */
  readonly root: string;
  readonly commonDir: string;
  /** Name of the branch that work starts from and lands on. */
  readonly base: string;
  readonly source: "beads" | "backlog";
  /** A UUID: this repository in this data folder, for good. */
  readonly instance: string;
  readonly addedAt: string;
  /** What was seen of it last; null until it was looked at for the first time. */
  readonly guard: Guard | null;
  /** Null while it is managed. */
  readonly removedAt: string | null;
}

/** By what a repository is seen to have been changed behind our back. */
export interface Guard {
  /** The base's tip; null where the branch is gone. */
  readonly tip: ObjectId | null;
  /** Settings and hooks by which git starts programs, each with a digest of its value. */
  readonly settings: Readonly<Record<string, string>>;
  /** Those that nobody has acknowledged yet. */
  readonly alarms: readonly AlarmView[];
}

export interface SessionRow {
  readonly id: SessionId;
  readonly repository: RepositoryId;
  readonly item: ItemId;
  /** It holds its item's place; at most one session of an item does. */
  readonly open: boolean;
  readonly state: SessionState;
  /** As clients see it, except for the evidence, which is looked up at reading. */
  readonly view: SessionView;
  /** What was ordered; null until it was started. */
  readonly spec: Spec | null;
  /** Highest sequence number of `events.jsonl` that was taken in. */
  readonly seq: number;
  /** Highest number given to an inbox entry. */
  readonly inbox: number;
}

export interface LoopRow extends LoopView {
  /** Id of who started it: it may do what that person may at the moment. */
  readonly person: string;
}

export interface CommentRow {
  readonly session: SessionId;
  readonly status: "open" | "sent" | "removed";
  readonly comment: Comment;
}

export interface StandingAnswerRow extends StandingAnswer {
  readonly repository: RepositoryId;
  readonly createdAt: string;
  /** How many questions it has answered, and when it did so last. */
  readonly used: number;
  readonly usedAt: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
}

export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly format: "json" | "slack";
  /** Signs every message; never leaves the server. */
  readonly secret: string;
  readonly allowPrivate: boolean;
  readonly by: string;
  readonly createdAt: string;
  readonly removedAt: string | null;
}

export interface QuestionRow {
  readonly session: SessionId;
  readonly question: Question;
}

/** Something to be done outside the database, written down with the decision that wants it. */
export interface NewEffect {
  /** One effect per key, however often it is decided. */
  readonly key: string;
  /** Effects of one lane are done one after the other. */
  readonly lane: string;
  readonly session: SessionId | null;
  readonly intent: Intent;
}

export interface EffectRow extends NewEffect {
  readonly id: number;
  readonly createdAt: string;
  readonly attempts: number;
  readonly problem: string | null;
  readonly doneAt: string | null;
}

/** Each can be checked ("is it so already?") and repeated. */
export type Intent =
  /** Write the session's `spec.json` and ring the runner. */
  | { readonly kind: "spec" }
  /** Write an inbox file and ring the runner; the entry is an InboxEntry. */
  | { readonly kind: "inbox"; readonly entry: unknown }
  | { readonly kind: "claim" }
  | { readonly kind: "release" }
  /** Keep branch and worktree under archive refs, then remove both. */
  | { readonly kind: "archive" }
  /** The session's own agent closed its item: open it again. */
  | { readonly kind: "undo-close" }
  /** Somebody merged it with plain git: do what a landing does afterwards. */
  | { readonly kind: "adopt"; readonly by: string }
  /** Tell a webhook that something needs a person. */
  | { readonly kind: "webhook"; readonly hook: string; readonly id: string; readonly news: WebhookNews };

/** What a webhook is told. */
export interface WebhookNews {
  readonly at: string;
  /** The repository's name. */
  readonly repository: string;
  readonly attention: Attention;
}

/** A fact before it has its number and time. */
export interface FactsBefore {
  /** Null is the newest. */
  readonly before: number | null;
  readonly repository: RepositoryId | null;
  readonly people: boolean;
  readonly limit: number;
}

export type NewFact = Omit<Fact, "seq" | "at">;

export interface AuditEntry {
  readonly actor: string;
  /** Id of the person; left out for nobody, and filled in for commands. */
  readonly person?: string | null;
  /** How they came in; filled in for commands. */
  readonly via?: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: string;
}

export interface Receipt {
  readonly key: string;
  readonly name: string;
  readonly actor: string;
  readonly answer: unknown;
}

/** What one decision writes: all of it, or nothing. */
export interface Change {
  readonly repository?: RepositoryRow;
  /** Whole rows, new or in the place of old ones. */
  readonly sessions?: readonly SessionRow[];
  readonly events?: readonly { readonly session: SessionId; readonly line: EventLine }[];
  readonly questions?: readonly QuestionRow[];
  readonly comments?: readonly CommentRow[];
  readonly effects?: readonly NewEffect[];
  /** New landings; their sessions are `merging` from the same moment. */
  readonly landings?: readonly Landing[];
  /** Whole rows, new or in the place of old ones. */
  readonly loops?: readonly LoopRow[];
  /** Whole rows, new or in the place of old ones. */
  readonly standingAnswers?: readonly StandingAnswerRow[];
  /** Whole rows, new or in the place of old ones. */
  readonly webhooks?: readonly WebhookRow[];
  /** Effects that are done now. */
  readonly done?: readonly number[];
  readonly team?: TeamChange;
  /** Effects that are tried no more, with the reason. */
  readonly abandoned?: readonly { readonly id: number; readonly problem: string }[];
  readonly facts?: readonly NewFact[];
  readonly audit?: readonly AuditEntry[];
  readonly receipt?: Receipt;
}

/** Another session holds the item's place. */
export class ItemTakenError extends Error {
  override readonly name = "ItemTakenError";
}

export interface SessionQuery {
  readonly repository: RepositoryId | null;
  readonly open?: boolean;
  readonly statuses?: readonly SessionStatus[];
  /** Cursor: creation time and id of the last one seen. */
  readonly before?: string | null;
  readonly limit: number;
}

/** Where everything that was decided is kept. Commits are durable when they resolve. */
export interface SessionStore {
  /** Resolves to the facts with their numbers. Throws {@link ItemTakenError}. */
  commit(change: Change, at: string): Promise<Fact[]>;
  /** In the order in which they came; with `all` also those that were removed. */
  repositories(all?: boolean): Promise<RepositoryRow[]>;
  session(id: SessionId): Promise<SessionRow | null>;
  /** Newest first, at most `limit`; without a repository those of all that were not removed, as in what follows. */
  sessions(query: SessionQuery): Promise<SessionRow[]>;
  /** Ids that begin with `prefix`, at most `limit`. */
  sessionsLike(prefix: string, limit: number): Promise<SessionId[]>;
  /** The newest session of an item; in any repository where that is null. */
  newestOf(repository: RepositoryId | null, item: ItemId): Promise<SessionRow[]>;
  /** Every session that holds an item's place, oldest first. */
  open(repository: RepositoryId | null): Promise<SessionRow[]>;
  events(session: SessionId): Promise<EventLine[]>;
  questionsOf(session: SessionId): Promise<Question[]>;
  /** In the order of their numbers, those that were removed too. */
  commentsOf(session: SessionId): Promise<CommentRow[]>;
  /** Oldest first; with `all` also those that have ended, at most 1,000. */
  questions(repository: RepositoryId | null, all: boolean): Promise<QuestionRow[]>;
  /** What is not done yet, oldest first; of one lane only where that is named. */
  pendingEffects(lane?: string): Promise<EffectRow[]>;
  /** Everything that the session's runner was ever told, in order; kept while the session is open. */
  inboxOf(session: SessionId): Promise<EffectRow[]>;
  /** Of one lane, done or not, newest first. */
  effectsOf(lane: string, limit: number): Promise<EffectRow[]>;
  noteAttempt(effect: number, problem: string): Promise<void>;
  facts(after: number, limit: number): Promise<Fact[]>;
  /** The newest, in their order. */
  recentFacts(limit: number): Promise<Fact[]>;
  /** Newest first; `people` leaves out what machines did, `repository` what is of another one. */
  factsBefore(query: FactsBefore): Promise<Fact[]>;
  lastFact(): Promise<number>;
  /** The lowest number that is still kept; 0 when there is none. */
  firstFact(): Promise<number>;
  receipt(key: string): Promise<Receipt | null>;
  landings(query: {
    repository?: RepositoryId | null;
    session?: SessionId;
    limit: number;
  }): Promise<Landing[]>;
  /** Newest first. */
  loops(query: {
    repository?: RepositoryId | null;
    status?: LoopRow["status"];
    limit: number;
  }): Promise<LoopRow[]>;
  /** Newest first; with `all` also those that were revoked. */
  standingAnswers(repository: RepositoryId | null, all: boolean): Promise<StandingAnswerRow[]>;
  /** The highest number that was ever given; 0 when there is none. */
  lastStandingAnswer(): Promise<number>;
  /** Those that were not removed, oldest first. */
  webhooks(): Promise<WebhookRow[]>;
  /**
   * Forgets receipts given before `before`, effects done by then that are not of open sessions, and all but the
   * newest `facts` facts.
   */
  prune(order: { before: string; facts: number }): Promise<void>;
}

/* -------------------------------------------------------------- settings */

interface NamedCommand {
  readonly name: string;
  readonly command: string;
}

/** What the repository's own configuration says, with everything that it leaves out filled in. */
export interface RepositorySettings {
  /** The branch to start from and to land on, where it is not the repository's default. */
  readonly base: string | null;
  readonly agent: {
    readonly cli: "claude" | "rehearsal";
    readonly command: string;
    readonly model: string | null;
    /** By agent type, where that has one of its own. */
    readonly models: Readonly<Record<string, string>>;
  };
  readonly agentTypes: readonly AgentTypeRule[];
  /** The role prompts, in Markdown. */
  readonly roles: {
    readonly types: Readonly<Record<string, string>>;
    readonly rules: string;
    readonly presenter: string;
  };
  readonly council: {
    /** Who may decide against a council. */
    readonly overrule: "landers" | "owners" | "operators" | "nobody";
    /** The repository's own prompts and models, by role; what is left out is ours. */
    readonly prompts: Readonly<Partial<Record<Role, string>>>;
    readonly models: Readonly<Partial<Record<Role, string>>>;
  };
  readonly setup: readonly NamedCommand[];
  readonly carry: Spec["carry"];
  /** Null leaves it to the scripts that the runner finds in the worktree; an empty list runs none. */
  readonly validate: readonly NamedCommand[] | null;
  readonly gate: readonly NamedCommand[];
  readonly landing: {
    /** Approved work lands by itself. */
    readonly auto: boolean;
    /** What only a person lands. */
    readonly ask: readonly AskRule[];
    readonly after: LandingAfter;
    readonly rules: LandingRules;
    readonly gateTimeLimitMs: number;
  };
  /** Sessions of this repository that work at the same time. */
  readonly sessions: number;
  readonly limits: Spec["limits"];
  /** Agents, validations and gates run inside bubblewrap. */
  readonly sandbox: boolean;
  readonly passEnv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What is wrong with the configuration or the role prompts, for people. */
  readonly problem: string | null;
  /** Why nothing may begin or land: the configuration cannot be read, and no good one is known. */
  readonly block: string | null;
}

/** Never throws for what lies in the repository. */
export type ReadSettings = (root: string) => Promise<RepositorySettings>;

/* ---------------------------------------------------------------- upkeep */

/** Looks after the data folder. */
export interface Upkeep {
  /** Copies the database while it is in use; only the newest copies are kept. */
  backUp(): Promise<BackupView>;
  /** The newest first. */
  backups(): Promise<BackupView[]>;
  /** Bytes on the disk below each of these folders; those that are not there are left out. */
  measure(folders: readonly string[]): Promise<Map<string, number>>;
}

/** For how long what has ended is kept. */
export interface Retention {
  readonly sessionDays: number;
  readonly archiveDays: number;
  /** Of archives that are the only copy of their work; null keeps them until a person removes them. */
  readonly unmergedArchiveDays: number | null;
}

/* ---------------------------------------------------------------- runner */

/** How the runner is found and started; it lives on when the server ends. */
export interface RunnerHost {
  /** Who says that it runs, whether that is true or not; null where nobody does. */
  readonly presence: () => Promise<Presence | null>;
  readonly isAlive: (identity: ProcessIdentity) => Promise<boolean>;
  /** Somebody has suspended it, or one of its group (SIGSTOP). */
  readonly isStopped: (identity: ProcessIdentity) => Promise<boolean>;
  /** Starts one, detached. */
  readonly command: { readonly file: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
}
