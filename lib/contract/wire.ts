import { z } from "zod";
import { choiceSchema, questionSchema, reviewSchema, validationSchema } from "./files.ts";
import { branchName, instant, itemId, objectId, questionId, repositoryId, sessionId } from "./ids.ts";

/**
 * The wire between the server and its clients (browser and CLI). Commands change something and carry
 * an idempotency key; reads change nothing; facts tell what happened, in one global order.
 * The same names and shapes serve socket.io (`command`, `read`, `follow`, `log:open`) and HTTP
 * (`POST /api/commands`, `GET /api/<read>`). Every HTTP answer is an {@link Answer} as JSON; a refusal also
 * has a fitting status.
 */
export { wireVersion } from "./version.ts";

export const roles = ["viewer", "operator", "owner"] as const;
export type RoleName = (typeof roles)[number];

const text = (max: number) => z.string().max(max);
/** True or false, also as the words of a query string. */
const flag = z.union([z.boolean(), z.stringbool()]).default(false);

/* ---------------------------------------------------------------- views */

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

/** How we know what we say about a living session. */
export const evidenceView = z.object({
  /** `alive`: the process was seen; `gone`: it was not; `none`: none is expected now. */
  process: z.enum(["alive", "gone", "none", "unknown"]),
  lastByteAt: instant.nullable(),
  /** The tool that the agent is in, and since when. */
  tool: z.object({ name: z.string(), since: instant }).nullable(),
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
  openQuestions: z.number().int(),
  changes: z
    .object({ files: z.number().int(), added: z.number().int(), removed: z.number().int() })
    .nullable(),
  costUsd: z.number(),
  mergeCommit: objectId.nullable(),
  byHand: z.boolean(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  createdBy: z.string(),
  evidence: evidenceView,
});
export type SessionView = z.infer<typeof sessionView>;

export const questionView = z.object({
  session: sessionId,
  repository: repositoryId,
  item: z.object({ id: itemId, title: z.string() }),
  question: questionSchema,
  /** How many open items wait behind this one. */
  downstream: z.number().int(),
});
export type QuestionView = z.infer<typeof questionView>;

export const itemView = z.object({
  id: itemId,
  repository: repositoryId,
  title: z.string(),
  type: z.string(),
  status: z.string(),
  priority: z.number(),
  labels: z.array(z.string()),
  assignee: z.string().nullable(),
  parent: itemId.nullable(),
  blockedBy: z.array(itemId),
  /** Null when a session may start on it. */
  unready: z.string().nullable(),
  downstream: z.number().int(),
  updatedAt: instant,
});
export type ItemView = z.infer<typeof itemView>;

export const itemDetail = itemView.extend({
  description: z.string(),
  design: z.string(),
  acceptance: z.string(),
  notes: z.string(),
  dependencies: z.array(z.object({ from: itemId, to: itemId, kind: z.string() })),
  closeReason: z.string().nullable(),
});

export const landingView = z.object({
  id: z.string(),
  session: sessionId,
  repository: repositoryId,
  item: itemId,
  status: z.enum([
    "running",
    "landed",
    "conflict",
    "gate-red",
    "base-moved",
    "checkout-in-the-way",
    "cancelled",
    "error",
  ]),
  step: z.string().nullable(),
  /** For people: what happened, what was kept, what to do. */
  message: z.string(),
  conflicts: z.array(z.string()),
  commit: objectId.nullable(),
  by: z.string(),
  startedAt: instant,
  endedAt: instant.nullable(),
});
export type LandingView = z.infer<typeof landingView>;

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

export const meView = z.object({
  name: z.string(),
  role: z.enum(roles),
  /** This server's instance; part of the cookie's name. */
  instance: z.string(),
  version: z.string(),
});
export type MeView = z.infer<typeof meView>;

/* ---------------------------------------------------------------- facts */

export const factNames = [
  "repository:added",
  "repository:changed",
  "session:dispatched",
  "session:started",
  "session:moved",
  "session:failed",
  "session:stopped",
  "question:asked",
  "question:answered",
  "question:withdrawn",
  "review:started",
  "review:concluded",
  "merge:started",
  "merge:advanced",
  "merge:landed",
  "merge:refused",
  "backlog:changed",
  "loop:started",
  "loop:advanced",
  "loop:stopped",
  "loop:finished",
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
    sessions: z.array(sessionView).optional(),
    questions: z.array(questionView).optional(),
    items: z.array(itemView).optional(),
    removedItems: z.array(z.object({ repository: repositoryId, id: itemId })).optional(),
    landings: z.array(landingView).optional(),
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

/** Pushed besides facts, at most once a second a session, never stored: signs of life. */
export const pulseSchema = z.object({ session: sessionId, evidence: evidenceView });
export type Pulse = z.infer<typeof pulseSchema>;

/* ------------------------------------------------------------- commands */

/** `<id>` as a person types it: a session's id, a unique prefix of it, or an item's id. */
const sessionRef = text(200).min(1);
/** A repository's id, or null where exactly one is registered. */
const repositoryRef = repositoryId.nullable().default(null);

/** `auth` and `project:auth` name the same project; null is the whole backlog. */
const projectRef = text(500).min(1).nullable().default(null);

/** What an item says. Sizes that the tracker cannot hold are its own to refuse. */
const itemFields = z.object({
  title: text(1000).min(1),
  type: text(50),
  priority: z.number().int().min(0).max(4),
  description: text(100_000),
  acceptance: text(100_000),
  labels: z.array(text(500)).max(100),
  parent: itemId.nullable(),
});
const changedItem = z.object({ item: itemView });

const dispatched = z.object({
  session: sessionView,
  /** What was replaced by a re-dispatch: archive refs and the old session. */
  replaced: z.object({ session: sessionId, archived: z.array(z.string()) }).nullable(),
});

function command<Input extends z.ZodType, Output extends z.ZodType>(
  role: RoleName,
  input: Input,
  output: Output,
) {
  return { role, input, output } as const;
}

/** Everything that changes something, with the least role that may do it. */
export const commands = {
  "repository:add": command(
    "owner",
    z.object({ path: text(4096).min(1) }),
    z.object({ repository: repositoryView, added: z.boolean() }),
  ),
  "session:dispatch": command(
    "operator",
    z.object({ repository: repositoryRef, item: itemId, agentType: text(100).nullable().default(null) }),
    dispatched,
  ),
  /** A session for every item that can be worked on; `project` narrows it, and an unknown one is refused. */
  "session:dispatch-ready": command(
    "operator",
    z.object({ repository: repositoryRef, project: projectRef }),
    z.object({
      dispatched: z.array(sessionView),
      skipped: z.array(z.object({ item: itemId, title: z.string(), why: z.string() })),
    }),
  ),
  "session:stop": command(
    "operator",
    z.object({ session: sessionRef, discard: z.boolean().default(false), reason: text(2000).default("") }),
    z.object({ session: sessionView }),
  ),
  "session:resume": command(
    "operator",
    z.object({ session: sessionRef, note: text(100_000).default(""), fresh: z.boolean().default(false) }),
    z.object({ session: sessionView }),
  ),
  "session:rework": command(
    "operator",
    z.object({ session: sessionRef, note: text(100_000).min(1) }),
    z.object({ session: sessionView }),
  ),
  "session:message": command(
    "operator",
    z.object({ session: sessionRef, text: text(100_000).min(1) }),
    z.object({ session: sessionView }),
  ),
  /** Records what the evidence says: dead sessions fail, silent ones are stale. */
  "session:cleanup": command(
    "operator",
    z.object({ repository: repositoryRef, dryRun: z.boolean().default(false) }),
    z.object({
      checked: z.number().int(),
      findings: z.array(
        z.object({ session: sessionId, was: z.enum(sessionStatuses), found: z.string(), done: z.string() }),
      ),
    }),
  ),
  "question:answer": command(
    "operator",
    z.object({
      session: sessionRef.nullable().default(null),
      question: questionId.nullable().default(null),
      /** One per prompt; or one line of text for a question with one prompt. */
      choices: z.array(choiceSchema).min(1).max(20).nullable().default(null),
      text: text(100_000).nullable().default(null),
    }),
    z.object({ question: questionView, delivery: z.enum(["delivered", "kept"]) }),
  ),
  /** Lands one session, or all approved ones of the repository in order. */
  "merge:start": command(
    "owner",
    z.object({ repository: repositoryRef, session: sessionRef.nullable().default(null) }),
    z.object({ landings: z.array(landingView) }),
  ),
  /** Where the same loop runs already it is answered as it is. Landing by itself needs the right to land. */
  "loop:start": command(
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
  ),
  /** It begins nothing more; its sessions go on. Without id and project every running loop of the repository is meant. */
  "loop:stop": command(
    "operator",
    z.object({
      repository: repositoryRef,
      project: projectRef,
      loop: text(100).nullable().default(null),
    }),
    z.object({ loops: z.array(loopView) }),
  ),
  "item:create": command(
    "operator",
    itemFields
      .extend({
        type: itemFields.shape.type.default("task"),
        priority: itemFields.shape.priority.default(2),
        description: itemFields.shape.description.default(""),
        acceptance: itemFields.shape.acceptance.default(""),
        labels: itemFields.shape.labels.default([]),
        parent: itemFields.shape.parent.default(null),
      })
      .extend({ repository: repositoryRef, dependsOn: z.array(itemId).max(100).default([]) }),
    changedItem,
  ),
  /** What is left out stays as it is. */
  "item:edit": command(
    "operator",
    itemFields.partial().extend({ repository: repositoryRef, item: itemId }),
    changedItem,
  ),
  "item:close": command(
    "operator",
    z.object({ repository: repositoryRef, item: itemId, reason: text(2000).default("Closed by hand") }),
    changedItem,
  ),
  /** `item` waits for `on`, or with `remove` does so no longer. */
  "item:depend": command(
    "operator",
    z.object({
      repository: repositoryRef,
      item: itemId,
      on: itemId,
      kind: z.enum(["blocks", "related", "discovered-from"]).default("blocks"),
      remove: z.boolean().default(false),
    }),
    changedItem,
  ),
} as const;
export type CommandName = keyof typeof commands;
export type CommandInput<Name extends CommandName> = z.input<(typeof commands)[Name]["input"]>;
export type CommandOutput<Name extends CommandName> = z.output<(typeof commands)[Name]["output"]>;

export const commandEnvelope = z.object({
  name: z.enum(Object.keys(commands) as [CommandName, ...CommandName[]]),
  /** Repeating a command with the same key has no further effect and gets the first answer. */
  key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  input: z.unknown(),
});

/* ---------------------------------------------------------------- reads */

const read = command;

export const reads = {
  me: read("viewer", z.object({}), meView),
  repositories: read("viewer", z.object({}), z.array(repositoryView)),
  status: read(
    "viewer",
    z.object({ repository: repositoryRef }),
    z.object({ sessions: z.array(sessionView), questions: z.array(questionView) }),
  ),
  sessions: read(
    "viewer",
    z.object({
      repository: repositoryRef,
      open: flag,
      before: text(100).nullable().default(null),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    z.object({ sessions: z.array(sessionView), next: z.string().nullable() }),
  ),
  session: read(
    "viewer",
    z.object({ session: sessionRef }),
    z.object({
      session: sessionView,
      questions: z.array(questionSchema),
      reviews: z.array(reviewSchema),
      validation: validationSchema.nullable(),
      summary: z.string().nullable(),
      /** The run's events in plain words, newest last. */
      timeline: z.array(z.object({ at: instant, kind: z.string(), text: z.string() })),
      steps: z.array(z.object({ number: z.number().int(), purpose: z.string(), startedAt: instant })),
      landings: z.array(landingView),
    }),
  ),
  diff: read(
    "viewer",
    z.object({ session: sessionRef }),
    z.object({
      base: objectId.nullable(),
      head: objectId.nullable(),
      files: z.array(
        z.object({
          path: z.string(),
          from: z.string().nullable(),
          kind: z.string(),
          added: z.number().int().nullable(),
          removed: z.number().int().nullable(),
        }),
      ),
      /** A unified diff of committed work. */
      text: z.string(),
      truncated: z.boolean(),
      /** Paths with changes that are not committed yet. */
      uncommitted: z.array(z.string()),
    }),
  ),
  questions: read("viewer", z.object({ repository: repositoryRef, all: flag }), z.array(questionView)),
  items: read(
    "viewer",
    z.object({
      repository: repositoryRef,
      label: text(500).nullable().default(null),
      closed: flag,
    }),
    z.array(itemView),
  ),
  item: read("viewer", z.object({ repository: repositoryRef, item: itemId }), itemDetail),
  merges: read(
    "viewer",
    z.object({ repository: repositoryRef }),
    z.object({ approved: z.array(sessionView), landings: z.array(landingView) }),
  ),
  /** Newest first. */
  loops: read("viewer", z.object({ repository: repositoryRef }), z.array(loopView)),
  preview: read("viewer", z.object({ session: sessionRef }), previewView),
  doctor: read(
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
export type ReadName = keyof typeof reads;
export type ReadInput<Name extends ReadName> = z.input<(typeof reads)[Name]["input"]>;
export type ReadOutput<Name extends ReadName> = z.output<(typeof reads)[Name]["output"]>;

/* ----------------------------------------------------------------- logs */

/** Which bytes: the readable log of the session, or one stream of one step. */
export const logRef = z.object({
  session: sessionId,
  stream: z.enum(["output", "stream", "stderr"]),
  /** 0 for `output`. */
  step: z.number().int().min(0),
});
export type LogRef = z.infer<typeof logRef>;

/**
 * A window of a log. With `offset` null it is the last `limit` bytes. `generation` changes when the file
 * was replaced or cut, which a client shows as a gap.
 */
export const logRequest = logRef.extend({
  offset: z.number().int().min(0).nullable(),
  limit: z.number().int().min(1).max(1_048_576).default(262_144),
  /** Go on sending what is appended, as `log:bytes`, until `log:close`. */
  follow: z.boolean().default(false),
});
export type LogRequest = z.input<typeof logRequest>;

export const logWindow = z.object({
  generation: z.number().int(),
  offset: z.number().int(),
  /** Size of the file when it was read. */
  size: z.number().int(),
  /** UTF-8 text of the bytes `offset` to `next`, cut between lines where it can be. */
  text: z.string(),
  next: z.number().int(),
});
export type LogWindow = z.infer<typeof logWindow>;

/** Pushed to those who follow this log. */
export const logBytes = logRef.extend({
  generation: z.number().int(),
  offset: z.number().int(),
  text: z.string(),
  next: z.number().int(),
});
export type LogBytes = z.infer<typeof logBytes>;

/* -------------------------------------------------------------- answers */

/** Every refusal says what was wrong, what was kept, and what to do. */
export const problemSchema = z.object({
  code: z.enum([
    "invalid",
    "not-found",
    "ambiguous",
    "conflict",
    "forbidden",
    "unauthenticated",
    "unavailable",
    "too-large",
    "too-many",
    "version",
    "internal",
  ]),
  message: z.string(),
  /** What to do next. */
  fix: z.string().nullable(),
});
export type Problem = z.infer<typeof problemSchema>;

export type Answer<Output> =
  { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly problem: Problem };

/** Socket events from client to server; each takes an acknowledgement. */
export interface ClientToServer {
  command: (envelope: unknown, ack: (answer: Answer<unknown>) => void) => void;
  read: (request: unknown, ack: (answer: Answer<unknown>) => void) => void;
  /** `since` is the last fact that the client has; null asks for a snapshot. */
  follow: (request: unknown, ack: (answer: Answer<FollowAnswer>) => void) => void;
  "log:open": (request: unknown, ack: (answer: Answer<LogWindow>) => void) => void;
  "log:close": (request: unknown, ack: (answer: Answer<null>) => void) => void;
}

export interface ServerToClient {
  facts: (facts: Fact[]) => void;
  pulse: (pulses: Pulse[]) => void;
  "log:bytes": (bytes: LogBytes) => void;
  /** The session ended here: signed out, revoked, or the server leaves. */
  bye: (reason: string) => void;
}
