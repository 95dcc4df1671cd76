import type { ItemView, RepositoryView, SessionView } from "#lib/contract/wire.ts";
import {
  branchFor,
  parseItemId,
  parseObjectId,
  parseRepositoryId,
  sessionIdFor,
  worktreeFor,
} from "#lib/domain/ids.ts";

const minute = 60_000;
const root = "/home/mara/harbour";

export const repository: RepositoryView = {
  id: parseRepositoryId("4f1d0a9be27c3351"),
  name: "harbour",
  root,
  base: "main",
  source: "beads",
  problem: null,
  alarms: [],
};

/** A second one, with a backlog of its own and something wrong; shown where the story is asked for two. */
export const second: RepositoryView = {
  id: parseRepositoryId("9c02be77d1a4e610"),
  name: "lighthouse",
  root: "/home/mara/lighthouse",
  base: "trunk",
  source: "backlog",
  problem:
    "amplify.config.json, line 4: `validate` has to be a list of commands. The last good one stays in use.",
  alarms: [],
};

export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

export function oid(seed: string): SessionView["head"] & string {
  let hash = 2166136261;
  const digits = Array.from({ length: 5 }, (_, round) => {
    for (const letter of `${seed}${String(round)}`)
      hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
    return hash.toString(16).padStart(8, "0");
  });
  return parseObjectId(digits.join(""));
}

export const base = oid("base");

interface Sketch {
  item: string;
  title: string;
  type?: string;
  priority?: number;
  labels?: string[];
  agent?: string;
  minutes: number;
  view: Partial<SessionView>;
}

const none = { process: "none", lastByteAt: null, tool: null, derived: null } as const;
const alive = (tool: string | null, toolSeconds: number, silentSeconds: number): SessionView["evidence"] => ({
  process: "alive",
  lastByteAt: ago(silentSeconds * 1000),
  tool: tool === null ? null : { name: tool, since: ago(toolSeconds * 1000) },
  derived: null,
});
const change = (files: number, added: number, removed: number) => ({ files, added, removed });

const sketches: Sketch[] = [
  {
    item: "bd-auth.3",
    title: "Rate-limit the sign-in form by address and account",
    type: "feature",
    priority: 1,
    labels: ["project:auth"],
    agent: "backend-engineer",
    minutes: 14,
    view: {
      status: "running",
      pid: 41822,
      evidence: alive("Bash", 372, 4),
      changes: change(6, 214, 18),
      costUsd: 0.84,
      steps: 1,
    },
  },
  {
    item: "bd-auth.5",
    title: "Sign-in page: passkeys first, password as a fallback",
    type: "feature",
    priority: 1,
    labels: ["project:auth", "ui"],
    agent: "frontend-engineer",
    minutes: 9,
    view: {
      status: "waiting",
      openQuestions: 1,
      evidence: none,
      changes: change(9, 402, 61),
      costUsd: 1.32,
      steps: 2,
      since: ago(7 * minute),
    },
  },
  {
    item: "bd-pay.2",
    title: "Retry failed webhooks with exponential back-off and a dead-letter table",
    type: "task",
    priority: 0,
    labels: ["project:payments"],
    agent: "backend-engineer",
    minutes: 48,
    view: {
      status: "waiting",
      openQuestions: 1,
      evidence: none,
      changes: change(4, 120, 9),
      costUsd: 2.1,
      steps: 3,
      since: ago(31 * minute),
    },
  },
  {
    item: "bd-search.1",
    title: "Index documents incrementally",
    priority: 2,
    agent: "backend-engineer",
    minutes: 22,
    view: {
      status: "running",
      pid: 41990,
      evidence: alive(null, 0, 2),
      changes: change(3, 88, 2),
      costUsd: 0.51,
      steps: 1,
    },
  },
  {
    item: "bd-docs.4",
    title:
      "Describe the backup and restore of the database, with a worked example for point-in-time recovery",
    type: "chore",
    priority: 3,
    agent: "writer",
    minutes: 3,
    view: { status: "preparing", evidence: { ...none, process: "unknown" }, steps: 0 },
  },
  {
    item: "bd-ui.12",
    title: "Keyboard focus is lost after closing a dialog",
    type: "bug",
    priority: 2,
    agent: "frontend-engineer",
    minutes: 1,
    view: { status: "queued", evidence: none, steps: 0 },
  },
  {
    item: "bd-auth.2",
    title: "Hash passwords with argon2id",
    type: "task",
    priority: 1,
    labels: ["project:auth"],
    agent: "backend-engineer",
    minutes: 64,
    view: {
      status: "approved",
      verdict: "approved",
      changes: change(5, 143, 37),
      costUsd: 3.27,
      steps: 5,
      evidence: none,
      summary: "Hash passwords with argon2id and rehash on sign-in",
      since: ago(5 * minute),
    },
  },
  {
    item: "bd-pay.1",
    title: "Show the VAT number on invoices",
    type: "feature",
    priority: 2,
    labels: ["project:payments"],
    agent: "backend-engineer",
    minutes: 90,
    view: {
      status: "approved",
      verdict: "approved",
      changes: change(3, 41, 6),
      costUsd: 1.44,
      steps: 3,
      evidence: none,
      summary: "Show the VAT number on invoices and in their PDF",
      since: ago(18 * minute),
    },
  },
  {
    item: "bd-ui.9",
    title: "Virtualise the order list",
    type: "task",
    priority: 2,
    agent: "frontend-engineer",
    minutes: 71,
    view: {
      status: "approved",
      verdict: "approved",
      changes: change(7, 260, 190),
      costUsd: 2.02,
      steps: 4,
      evidence: none,
      summary: "Virtualise the order list",
      since: ago(2 * minute),
    },
  },
  {
    item: "bd-schema.3",
    title: "Migrate money columns to integers in the smallest unit",
    type: "task",
    priority: 0,
    labels: ["database"],
    agent: "database-engineer",
    minutes: 55,
    view: {
      status: "reviewing",
      phase: "review",
      round: 1,
      pid: 42100,
      changes: change(12, 377, 204),
      costUsd: 4.71,
      steps: 6,
      evidence: alive("Task", 95, 11),
      summary: "Migrate money columns to integers",
    },
  },
  {
    item: "bd-api.7",
    title: "Answer 409 with the current version on a stale update",
    type: "bug",
    priority: 2,
    agent: "backend-engineer",
    minutes: 33,
    view: {
      status: "completed",
      phase: "review",
      changes: change(4, 72, 15),
      costUsd: 0.95,
      steps: 2,
      evidence: none,
      summary: "Answer 409 with the current version",
    },
  },
  {
    item: "bd-ops.1",
    title: "Roll logs at 100 MB",
    type: "chore",
    priority: 3,
    agent: "default",
    minutes: 130,
    view: {
      status: "failed",
      changes: change(2, 19, 3),
      costUsd: 0.66,
      steps: 2,
      evidence: { ...none, process: "gone" },
      since: ago(44 * minute),
      reason: {
        code: "validation-red",
        text: "The validation stayed red.",
        detail: "npm test: exit 1 after 2 repairs\n  ✗ rotates at exactly 100 MB (src/log/rotate.test.ts:41)",
        remedy: "Look at it, then resume it, send it back, or dispatch the item again.",
      },
    },
  },
  {
    item: "bd-search.2",
    title: "Highlight matches in the result list",
    type: "feature",
    priority: 2,
    agent: "frontend-engineer",
    minutes: 160,
    view: {
      status: "running",
      pid: 40311,
      evidence: {
        process: "alive",
        lastByteAt: ago(63 * minute),
        tool: { name: "Bash", since: ago(64 * minute) },
        derived: "stale",
      },
      changes: change(2, 31, 0),
      costUsd: 0.4,
      steps: 1,
      since: ago(158 * minute),
    },
  },
  {
    item: "bd-cache.1",
    title: "Keep rendered invoices for an hour",
    type: "task",
    priority: 3,
    agent: "backend-engineer",
    minutes: 420,
    view: {
      status: "interrupted",
      changes: change(3, 64, 5),
      costUsd: 0.58,
      steps: 1,
      evidence: { ...none, process: "gone" },
      since: ago(25 * minute),
      reason: {
        code: "interrupted",
        text: "It was cut off: the machine was restarted.",
        detail: "",
        remedy: "Resume it, or dispatch the item again.",
      },
    },
  },
  {
    item: "bd-mail.1",
    title: "Send mail in the background",
    type: "task",
    priority: 2,
    agent: "backend-engineer",
    minutes: 200,
    view: {
      status: "rejected",
      verdict: "rejected",
      phase: "review",
      round: 2,
      changes: change(8, 310, 22),
      costUsd: 6.3,
      steps: 9,
      evidence: none,
      since: ago(70 * minute),
      reason: {
        code: "rejected",
        text: "The council rejected it after two rounds.",
        detail: "1 blocker and 2 minor findings are open.",
        remedy: "Look at it, then resume it, send it back, or dispatch the item again.",
      },
    },
  },
  {
    item: "bd-schema.1",
    title: "Add the tables of accounts and sessions",
    type: "task",
    priority: 1,
    labels: ["database"],
    agent: "database-engineer",
    minutes: 240,
    view: {
      status: "merged",
      verdict: "approved",
      changes: change(6, 180, 0),
      costUsd: 1.9,
      steps: 3,
      evidence: none,
      mergeCommit: oid("m1"),
      since: ago(80 * minute),
      endedAt: ago(80 * minute),
      summary: "Add the tables of accounts and sessions",
    },
  },
  {
    item: "bd-auth.1",
    title: "Endpoint for sign-in and sign-out",
    type: "feature",
    priority: 1,
    labels: ["project:auth"],
    agent: "backend-engineer",
    minutes: 220,
    view: {
      status: "merged",
      verdict: "approved",
      changes: change(9, 340, 12),
      costUsd: 2.8,
      steps: 4,
      evidence: none,
      mergeCommit: oid("m2"),
      byHand: true,
      since: ago(52 * minute),
      endedAt: ago(52 * minute),
      summary: "Endpoint for sign-in and sign-out",
    },
  },
  {
    item: "bd-ui.3",
    title: "Dark theme",
    type: "feature",
    priority: 3,
    agent: "frontend-engineer",
    minutes: 300,
    view: {
      status: "stopped",
      changes: change(11, 95, 80),
      costUsd: 0.7,
      steps: 1,
      evidence: none,
      since: ago(190 * minute),
      endedAt: ago(190 * minute),
      reason: {
        code: "stopped",
        text: "Stopped by mara: not now.",
        detail: "",
        remedy: "Resume it, or dispatch the item again.",
      },
    },
  },
];

export function makeSession(sketch: Sketch): SessionView {
  const item = parseItemId(sketch.item);
  const suffix = oid(sketch.item).slice(0, 6);
  const id = sessionIdFor(item, suffix);
  const started = sketch.view.status === "queued" ? null : ago(sketch.minutes * minute);
  return {
    id,
    repository: repository.id,
    item: {
      id: item,
      title: sketch.title,
      type: sketch.type ?? "task",
      priority: sketch.priority ?? 2,
      labels: sketch.labels ?? [],
    },
    agent: {
      cli: "claude",
      type: sketch.agent ?? "default",
      why: sketch.agent ? `label agent:${sketch.agent}` : "no label and no rule names a type",
    },
    status: "running",
    since: ago(sketch.minutes * minute),
    phase: "implementation",
    round: 0,
    steps: 1,
    pid: null,
    branch: branchFor(item),
    worktree: `${root}/${worktreeFor(item)}`,
    directory: `/home/mara/.amplify/workspaces/4f1d0a9be27c3351/instance-51c7/isolated-sessions/${id}`,
    base,
    head: started === null ? null : oid(`head ${sketch.item}`),
    summary: null,
    verdict: null,
    reason: null,
    openQuestions: 0,
    comments: 0,
    overruled: null,
    changes: null,
    costUsd: 0,
    mergeCommit: null,
    byHand: false,
    reverted: null,
    createdAt: ago(sketch.minutes * minute + 2000),
    startedAt: started,
    endedAt: null,
    createdBy: "mara",
    evidence: none,
    ...sketch.view,
  };
}

export const sessions: SessionView[] = sketches.map(makeSession);

type ItemSketch = [
  id: string,
  title: string,
  type: string,
  priority: number,
  unready: string | null,
  more?: Partial<ItemView>,
];

const itemSketches: ItemSketch[] = [
  ["bd-auth", "Accounts and sign-in", "epic", 1, "epic", { labels: ["project:auth"] }],
  [
    "bd-auth.6",
    "Send a code by mail when a device is new",
    "feature",
    1,
    null,
    { labels: ["project:auth"], parent: parseItemId("bd-auth"), downstream: 3 },
  ],
  [
    "bd-auth.7",
    "Let people see and end their sessions",
    "feature",
    2,
    "blocked by bd-auth.3",
    { labels: ["project:auth"], parent: parseItemId("bd-auth"), blockedBy: [parseItemId("bd-auth.3")] },
  ],
  [
    "bd-auth.8",
    "Lock an account after repeated failures, without telling strangers that it exists",
    "task",
    2,
    "blocked by bd-auth.3, bd-auth.6",
    {
      labels: ["project:auth"],
      parent: parseItemId("bd-auth"),
      blockedBy: [parseItemId("bd-auth.3"), parseItemId("bd-auth.6")],
    },
  ],
  ["bd-pay", "Payments", "epic", 0, "epic", { labels: ["project:payments"] }],
  [
    "bd-pay.3",
    "Reconcile payouts nightly",
    "task",
    1,
    "blocked by bd-pay.2",
    {
      labels: ["project:payments"],
      parent: parseItemId("bd-pay"),
      blockedBy: [parseItemId("bd-pay.2")],
      downstream: 1,
    },
  ],
  [
    "bd-pay.4",
    "Refund in part",
    "feature",
    2,
    null,
    { labels: ["project:payments"], parent: parseItemId("bd-pay"), downstream: 1 },
  ],
  [
    "bd-pay.5",
    "Export to the accountant's format",
    "feature",
    3,
    "blocked by bd-pay.3",
    { labels: ["project:payments"], parent: parseItemId("bd-pay"), blockedBy: [parseItemId("bd-pay.3")] },
  ],
  ["bd-ui.14", "Empty states teach the next step", "task", 2, null, { labels: ["ui"] }],
  [
    "bd-ops.3",
    "Alarm when the queue grows for ten minutes",
    "task",
    2,
    "assigned to jonas",
    { assignee: "jonas", status: "in_progress" },
  ],
  ["bd-ops.4", "Back up to a second place", "chore", 3, null, {}],
  ["bd-search.3", "Search in attachments", "feature", 4, "not ready (deferred)", { status: "deferred" }],
];

export function makeItem([id, title, type, priority, unready, more]: ItemSketch): ItemView {
  return {
    id: parseItemId(id),
    repository: repository.id,
    title,
    type,
    status: "open",
    priority,
    labels: [],
    assignee: null,
    parent: null,
    blockedBy: [],
    unready,
    downstream: 0,
    updatedAt: ago(400 * minute),
    ...more,
  };
}

/** How many open items wait behind those in work. */
export const behind: Readonly<Record<string, number>> = { "bd-auth.5": 3, "bd-pay.2": 1 };

export const items: ItemView[] = [
  ...itemSketches.map(makeItem),
  ...sessions
    .filter(({ status }) => status !== "merged" && status !== "stopped")
    .map(({ item, id }) =>
      makeItem([
        item.id,
        item.title,
        item.type,
        item.priority,
        `assigned to amplify/${id}`,
        {
          labels: item.labels,
          assignee: `amplify/${id}`,
          status: "in_progress",
          downstream: behind[item.id] ?? 0,
          parent: /^bd-(auth|pay)\./.test(item.id) ? parseItemId(item.id.split(".")[0] ?? "") : null,
        },
      ]),
    ),
];

export function sessionOf(item: string): SessionView {
  const session = sessions.find((each) => each.item.id === item);
  if (!session) throw new Error(`The story has no session of ${item}.`);
  return session;
}
