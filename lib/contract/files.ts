import { z } from "zod";
import type { FailureReason } from "#lib/domain/failure.ts";
import { failures } from "#lib/domain/failure.ts";
import type { Comment } from "#lib/domain/comment.ts";
import type { Question } from "#lib/domain/question.ts";
import type { Report, Review } from "#lib/domain/review.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import {
  agentSessionId,
  branchName,
  instant,
  itemId,
  objectId,
  questionId,
  repositoryId,
  sessionId,
} from "./ids.ts";

/**
 * The files of a session directory: the protocol between runner and server.
 * `{AMPLIFY_HOME}/workspaces/{projectHash}/instance-{uuid}/isolated-sessions/{sessionId}/`
 * Every file has one writer; JSON is written whole (temporary file, fsync, rename) except `events.jsonl`,
 * which is appended to and synced line by line.
 */
export const filesVersion = 1;

const text = (max: number) => z.string().max(max);

/* ------------------------------------------------ spec.json: server, once */

const namedCommand = z.object({
  name: text(100),
  /** Given to `sh -c` in the worktree; from the repository's own configuration. */
  command: text(10_000),
});

const roleSchema = z.enum(["implementer", "peer-reviewer", "tech-lead"]);

const councilLimitsSchema = z.object({
  rebuttals: z.number().int().min(0).max(5),
  timeLimitMs: z.number().int().positive(),
  budgetUsd: z.number().positive().nullable(),
});

export const specSchema = z.object({
  version: z.literal(filesVersion),
  session: sessionId,
  repository: z.object({
    id: repositoryId,
    /** Root of the main checkout. */
    root: text(4096),
    commonDir: text(4096),
  }),
  item: z.object({
    id: itemId,
    title: text(2000),
    type: text(100),
    priority: z.number().int(),
    labels: z.array(text(500)).max(200),
    description: text(200_000),
    design: text(200_000),
    acceptance: text(200_000),
    notes: text(200_000),
  }),
  branch: branchName,
  /** Absolute; `.worktrees/<item>` in the main checkout. */
  worktree: text(4096),
  base: z.object({ branch: text(500), oid: objectId }),
  agent: z.object({
    cli: z.enum(["claude", "rehearsal"]),
    /** Absolute path or a name on PATH. */
    command: text(4096),
    type: text(100),
    model: text(200).nullable(),
    /** The role prompt of the agent type, in Markdown. */
    role: text(100_000),
  }),
  /** The role prompts of the council, in Markdown. */
  council: z.object({
    implementer: text(100_000),
    "peer-reviewer": text(100_000),
    "tech-lead": text(100_000),
  }),
  /** The models of roles that have one of their own. */
  councilModels: z.partialRecord(roleSchema, text(200)).default({}),
  setup: z.array(namedCommand).max(50),
  /** Ignored files that a worktree needs, relative to the main checkout. */
  carry: z.array(z.object({ path: text(1000), how: z.enum(["copy", "link"]) })).max(200),
  /** Null: the scripts that the worktree has. */
  validate: z.array(namedCommand).max(50).nullable(),
  limits: z.object({
    reworkRounds: z.number().int().min(0).max(20),
    repairs: z.number().int().min(0).max(20),
    maxTurns: z.number().int().min(1).nullable(),
    /** For the whole session, in US dollars at list prices. */
    budgetUsd: z.number().positive().nullable(),
    commandTimeoutMs: z.number().int().positive(),
    /** What `stream.jsonl` and `stderr.log` of a session may hold together. */
    logBytes: z.number().int().positive(),
    /** An agent that prints nothing for so long is ended. */
    silentMs: z.number().int().positive().nullable().default(null),
    council: councilLimitsSchema.default({ rebuttals: 1, timeLimitMs: 3_600_000, budgetUsd: null }),
  }),
  /** Names of further variables that the agent may have. */
  passEnv: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).max(200),
  /** Variables given to agent and commands as they stand. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), text(10_000)),
  /** Agents and validations run inside bubblewrap. */
  sandbox: z.boolean().default(false),
  /** Who commits leftovers and merges. */
  identity: z.object({ name: text(500), email: text(500) }),
  createdAt: instant,
});
export type Spec = z.infer<typeof specSchema>;

/* --------------------------- inbox/NNNN-<kind>.json: server, each once */

export const choiceSchema = z.object({ labels: z.array(text(1000)).max(20), text: text(100_000) });

export const commentSchema: z.ZodType<Comment> = z.object({
  id: z.string().regex(/^c-[0-9]{1,4}$/),
  file: text(4096),
  line: z.number().int().min(1).nullable(),
  side: z.enum(["new", "old"]),
  text: text(20_000),
  by: text(200),
  at: instant,
});

export const inboxSchema = z.intersection(
  z.object({ number: z.number().int().positive(), by: text(200), at: instant }),
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("answer"),
      question: questionId,
      choices: z.array(choiceSchema).min(1).max(20),
    }),
    /** `discard` also gives the work up; the runner archives it either way. */
    z.object({ kind: z.literal("stop"), discard: z.boolean(), reason: text(2000) }),
    z.object({ kind: z.literal("message"), text: text(100_000) }),
    /** `fresh` begins a new conversation with a summary of the old one. */
    z.object({ kind: z.literal("resume"), note: text(100_000), fresh: z.boolean() }),
    z.object({
      kind: z.literal("rework"),
      note: text(100_000),
      comments: z.array(commentSchema).max(500).default([]),
    }),
    /** The base moved to this commit: merge it in, validate, review again. */
    z.object({ kind: z.literal("recheck"), base: objectId }),
  ]),
);
export type InboxEntry = z.infer<typeof inboxSchema>;

/** `0003-answer.json`; the number is the order and the idempotency key. */
export function inboxFileName(entry: Pick<InboxEntry, "number" | "kind">): string {
  return `${String(entry.number).padStart(4, "0")}-${entry.kind}.json`;
}

/* --------------------------------- events.jsonl: runner, synced per line */

const failureSchema = z.object({
  reason: z.enum(Object.keys(failures) as [FailureReason, ...FailureReason[]]),
  detail: text(20_000),
  until: instant.optional(),
});

const promptSchema = z.object({
  text: text(20_000),
  header: text(200),
  options: z.array(z.object({ label: text(1000), description: text(5000) })).max(20),
  multiple: z.boolean(),
});

const sceneSchema = z.object({
  said: text(20_000),
  tool: text(300).nullable(),
  files: z.array(text(4096)).max(200),
  changes: z.object({
    files: z.number().int().min(0),
    added: z.number().int().min(0),
    removed: z.number().int().min(0),
  }),
  uncommitted: z.array(text(4096)).max(200),
});

const askedSchema = z.object({
  id: questionId,
  prompts: z.array(promptSchema).min(1).max(20),
  asker: z.object({ role: text(100), phase: text(100), step: z.number().int() }),
  context: text(50_000),
  scene: sceneSchema.optional(),
  askedAt: instant,
  toolUseId: text(200).nullable(),
});

const answeredSchema = z.object({
  choices: z.array(choiceSchema),
  by: text(200),
  at: instant,
  rule: z.number().int().positive().optional(),
});

export const questionSchema: z.ZodType<Question> = z.intersection(
  askedSchema,
  z.discriminatedUnion("status", [
    z.object({ status: z.literal("open") }),
    z.object({ status: z.literal("answered"), answer: answeredSchema, deliveredAt: instant.nullable() }),
    z.object({ status: z.literal("withdrawn"), reason: text(2000), at: instant }),
  ]),
);

const verdictSchema = z.enum(["approve", "changes"]);
export const partSchema = z.enum(["recheck", "examination", "rebuttal", "arbitration"]);

/** `2/f-1`, a finding of the second council; `c-1`, a person's comment. */
const earlierId = z.string().regex(/^(?:[0-9]{1,4}\/f-[0-9]{1,4}|c-[0-9]{1,4})$/);

export const reportSchema: z.ZodType<Report> = z.object({
  role: roleSchema,
  verdict: verdictSchema,
  summary: text(20_000),
  findings: z
    .array(
      z.object({
        id: z.string().regex(/^f-[0-9]{1,4}$/),
        file: text(4096),
        lines: z.tuple([z.number().int().min(1), z.number().int().min(1)]).nullable(),
        severity: z.enum(["blocker", "major", "minor", "nit"]),
        category: z.enum(["correctness", "tests", "security", "design", "documentation", "performance"]),
        claim: text(10_000),
        evidence: text(20_000),
      }),
    )
    .max(200),
  responses: z
    .array(
      z.object({
        finding: z.string().regex(/^f-[0-9]{1,4}$/),
        stance: z.enum(["accept", "dispute", "withdraw", "fixed", "overrule"]),
        reason: text(10_000),
      }),
    )
    .max(400),
  earlier: z
    .array(
      z.object({ finding: earlierId, state: z.enum(["resolved", "open"]), reason: text(10_000).default("") }),
    )
    .max(400)
    .default([]),
});

const attendedSchema = z
  .array(z.object({ role: roleSchema, agent: text(200), reported: z.boolean() }))
  .max(20)
  .default([]);

export const heldSchema = z.object({
  part: partSchema,
  reports: z.array(reportSchema).max(10),
  retold: z
    .array(z.object({ role: roleSchema, verdict: verdictSchema }))
    .max(10)
    .nullable(),
  headBefore: objectId,
  headAfter: objectId,
  attended: attendedSchema,
});

const linesSchema = z.tuple([z.number().int().min(1), z.number().int().min(1)]).nullable();

export const uncountedSchema = z.object({
  part: partSchema,
  reason: text(5000),
  reports: z.array(reportSchema).max(10),
  attended: attendedSchema,
});

export const carriedSchema = z.object({
  id: earlierId,
  file: text(4096),
  lines: linesSchema,
  severity: z.enum(["blocker", "major", "minor", "nit"]).nullable(),
  claim: text(20_000),
  by: text(200),
});

/** `review.json`; what older versions did not record is filled in. */
export const reviewSchema: z.ZodType<Review> = z.object({
  number: z.number().int().min(1).default(1),
  round: z.number().int().min(0),
  verdict: z.enum(["approved", "rejected", "no-verdict"]),
  by: z.enum(["consensus", "arbitration", "recheck"]).nullable(),
  reason: text(20_000).nullable(),
  base: objectId,
  head: objectId,
  parts: z.array(heldSchema).max(20),
  uncounted: z.array(uncountedSchema).max(20).default([]),
  earlier: z
    .array(carriedSchema.extend({ state: z.enum(["resolved", "open"]), reason: text(10_000) }))
    .max(2000)
    .default([]),
  fixes: z
    .array(z.object({ commit: objectId, subject: text(1000) }))
    .max(200)
    .default([]),
  validation: z
    .object({
      passed: z.boolean(),
      head: objectId,
      commands: z.array(
        z.object({
          name: text(100),
          command: text(10_000),
          exit: z.number().int().nullable(),
          durationMs: z.number().min(0),
        }),
      ),
    })
    .nullable()
    .default(null),
  limits: councilLimitsSchema.nullable().default(null),
  startedAt: instant,
  endedAt: instant,
  costUsd: z.number().min(0),
});

const processSchema = z.object({ pid: z.number().int().positive(), startTicks: text(40), bootId: text(100) });

const workSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("implement") }),
  z.object({ kind: z.literal("repair"), attempt: z.number().int() }),
  z.object({ kind: z.literal("tidy") }),
  z.object({ kind: z.literal("rework"), note: text(100_000) }),
  z.object({ kind: z.literal("merge-base"), base: objectId, conflicts: z.array(text(4096)) }),
  z.object({ kind: z.literal("continue"), note: text(100_000) }),
]);

const purposeSchema = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("implementation"), work: workSchema }),
  z.object({ phase: z.literal("review"), part: partSchema, again: z.boolean() }),
]);

const commandRunSchema = z.object({
  name: text(100),
  command: text(10_000),
  exit: z.number().int().nullable(),
  durationMs: z.number().min(0),
  tail: text(100_000),
});

export const validationSchema = z.object({
  passed: z.boolean(),
  commands: z.array(commandRunSchema),
  head: objectId,
});

const step = z.number().int().positive();
const inboxNumber = z.number().int().positive();
const costUsd = z.number().min(0);

const runEventBody = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prepared"), worktree: text(4096), base: objectId }),
  z.object({
    kind: z.literal("step-started"),
    step,
    purpose: purposeSchema,
    agentSession: agentSessionId,
    delivers: questionId.nullable(),
  }),
  z.object({ kind: z.literal("step-spawned"), step, process: processSchema }),
  z.object({ kind: z.literal("step-finished"), step, costUsd, head: objectId }),
  z.object({ kind: z.literal("step-asked"), step, costUsd, question: askedSchema }),
  z.object({
    kind: z.literal("step-failed"),
    step,
    costUsd,
    failure: failureSchema,
    agentSessionLost: z.boolean(),
  }),
  z.object({ kind: z.literal("asked"), question: askedSchema }),
  z.object({ kind: z.literal("answered"), question: questionId, answer: answeredSchema, inbox: inboxNumber }),
  z.object({ kind: z.literal("withdrawn"), question: questionId, reason: text(2000) }),
  z.object({ kind: z.literal("left-uncommitted"), files: z.array(text(4096)) }),
  z.object({ kind: z.literal("validated"), validation: validationSchema }),
  z.object({ kind: z.literal("completed"), head: objectId, summary: text(500) }),
  z.object({ kind: z.literal("council-opened"), base: objectId, head: objectId }),
  z.object({ kind: z.literal("part-held"), held: heldSchema }),
  z.object({
    kind: z.literal("part-failed"),
    part: partSchema,
    reason: text(5000),
    reports: z.array(reportSchema).max(10).default([]),
    attended: attendedSchema,
  }),
  z.object({ kind: z.literal("council-overran"), reason: text(2000), costUsd, head: objectId }),
  z.object({ kind: z.literal("review-concluded"), review: reviewSchema }),
  z.object({
    kind: z.literal("rework-started"),
    round: z.number().int(),
    by: text(200),
    note: text(100_000),
    comments: z.array(commentSchema).max(500).default([]),
    inbox: inboxNumber.nullable(),
  }),
  z.object({
    kind: z.literal("base-merged"),
    base: objectId,
    head: objectId,
    conflicts: z.array(text(4096)),
    foreign: z.boolean().default(false),
    inbox: inboxNumber,
  }),
  z.object({
    kind: z.literal("resumed"),
    by: text(200),
    note: text(100_000),
    inbox: inboxNumber.nullable(),
    fresh: z.boolean(),
  }),
  z.object({ kind: z.literal("failed"), failure: failureSchema }),
  z.object({ kind: z.literal("stopped"), by: text(200), discard: z.boolean(), inbox: inboxNumber }),
  z.object({ kind: z.literal("interrupted"), why: text(2000) }),
  z.object({ kind: z.literal("noted"), by: text(200), text: text(100_000), inbox: inboxNumber }),
  z.object({
    kind: z.literal("handled"),
    inbox: inboxNumber,
    outcome: text(2000),
    lost: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("warned"), text: text(5000) }),
  z.object({ kind: z.literal("forgery-found"), file: text(200), kept: text(1000) }),
]);

export const runEventSchema: z.ZodType<RunEvent> = z.intersection(z.object({ at: instant }), runEventBody);

/** A line of `events.jsonl`; `seq` counts from 1 without a gap. */
export interface EventLine {
  readonly seq: number;
  readonly event: RunEvent;
}
export const eventLineSchema: z.ZodType<EventLine> = z.object({
  seq: z.number().int().positive(),
  event: runEventSchema,
});

/* ----------------------------- projections for people and scripts: runner */

const runStatusSchema = z.enum([
  "preparing",
  "running",
  "waiting",
  "completed",
  "reviewing",
  "approved",
  "rejected",
  "failed",
  "stopped",
  "interrupted",
]);

/** `state.json` */
export const stateSchema = z.object({
  version: z.literal(filesVersion),
  session: sessionId,
  item: itemId,
  status: runStatusSchema,
  phase: z.enum(["implementation", "review"]),
  round: z.number().int().min(0),
  step: z.number().int().min(0),
  /** The agent's, or null while none lives. */
  pid: z.number().int().positive().nullable(),
  branch: branchName,
  worktree: text(4096),
  base: objectId.nullable(),
  head: objectId.nullable(),
  openQuestions: z.array(questionId),
  reason: failureSchema.nullable(),
  verdict: z.enum(["approved", "rejected", "no-verdict"]).nullable(),
  costUsd,
  createdAt: instant,
  startedAt: instant.nullable(),
  lastActivityAt: instant,
  endedAt: instant.nullable(),
  /** Sequence number of the last event that this shows. */
  seq: z.number().int().min(0),
  /** Highest number of the inbox that was dealt with. */
  handled: z.number().int().min(0).default(0),
});
export type StateFile = z.infer<typeof stateSchema>;

/** `questions.json`: a plain list, so that a script can read it and an agent can add to it. */
export const questionsFileSchema = z.array(questionSchema).max(1000);

/** `answers.json` */
export const answersFileSchema = z
  .array(
    z.object({
      question: questionId,
      /** What a plain reader wants: all choices and free text in one line per prompt. */
      answer: text(200_000),
      choices: z.array(choiceSchema),
      by: text(200),
      at: instant,
    }),
  )
  .max(1000);

/** `asks/<uuid>.json`, and any entry that an agent adds to `questions.json` itself. */
export const askSchema = z.union([
  z.object({
    prompts: z.array(promptSchema).min(1).max(20),
    context: text(50_000).default(""),
    role: text(100).default("agent"),
  }),
  z.object({
    id: z.string().max(200).optional(),
    question: text(20_000),
    header: text(200).default("Question"),
    options: z
      .array(z.union([text(1000), z.object({ label: text(1000), description: text(5000).default("") })]))
      .max(20)
      .default([]),
    multiple: z.boolean().default(false),
    context: text(50_000).default(""),
  }),
]);
export type Ask = z.infer<typeof askSchema>;

/** What the server had taken in of `events.jsonl`, written by it where it finds that file damaged; the runner puts it back. */
export const keptEvents = "events.kept.jsonl";

/** What the commands of a landing's gate printed, one file for each run of it; written by the server. */
export function gateLogName(number: number): string {
  return `gates/${String(number).padStart(3, "0")}.log`;
}

/** Written by the runner before it makes the worktree: from then on worktree and branch are the session's. */
export const worktreeMark = "worktree.json";

/** `steps/NNN/process.json` */
export const processFileSchema = z.object({ process: processSchema, marker: text(300), spawnedAt: instant });

/** `orchestrator.json` in the instance's folder: server. */
export const orchestratorSchema = z.object({
  version: z.literal(filesVersion),
  repository: z.object({ id: repositoryId, root: text(4096) }),
  updatedAt: instant,
  sessions: z.array(
    z.object({
      session: sessionId,
      item: itemId,
      status: text(50),
      branch: branchName,
      worktree: text(4096),
      directory: text(4096),
      createdAt: instant,
      endedAt: instant.nullable(),
    }),
  ),
});
