import type {
  ItemView,
  LandingView,
  LoopView,
  SessionOverlapView,
  QuestionView,
  RepositoryView,
  SessionView,
} from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { overlaps } from "./overlaps.ts";
import { questions } from "./questions.ts";
import {
  ago,
  items,
  makeItem,
  makeSession,
  oid,
  repository,
  second,
  sessionOf,
  sessions,
} from "./sessions.ts";

/** What the dashboard begins with. */
export interface Story {
  readonly repositories: readonly RepositoryView[];
  readonly sessions: readonly SessionView[];
  readonly questions: readonly QuestionView[];
  readonly items: readonly ItemView[];
  readonly landings: readonly LandingView[];
  readonly loops: readonly LoopView[];
  readonly overlaps: readonly SessionOverlapView[];
}

const minute = 60_000;

/** Nothing is registered yet. */
export const empty: Story = {
  repositories: [],
  sessions: [],
  questions: [],
  items: [],
  landings: [],
  loops: [],
  overlaps: [],
};

/** A day in the middle of the work. */
export const full: Story = {
  repositories: [repository],
  sessions,
  questions,
  items: [...items, ...closedItems()],
  landings: landed(),
  loops: [running(), finished()],
  overlaps,
};

/** Another repository beside it, with something wrong. */
export const two: Story = {
  ...full,
  repositories: [repository, second],
  items: [
    ...full.items,
    { ...makeItem(["lh-1", "Turn the lamp faster in fog", "feature", 1, null]), repository: second.id },
    {
      ...makeItem(["lh-2", "Log each ship that passes", "task", 2, "blocked by lh-1"]),
      repository: second.id,
    },
  ],
};

/** 10,000 items, 300 sessions: to see that nothing gets slow. */
export function long(): Story {
  const more = Array.from({ length: 10_000 - full.items.length }, (_, index) => {
    const id = `bd-x${String(Math.floor(index / 100))}.${String(index % 100)}`;
    const isBlocked = index % 3 !== 0;
    return makeItem([
      id,
      `Work number ${String(index)} of a long backlog, with a title of ordinary length`,
      index % 7 === 0 ? "bug" : "task",
      index % 5,
      isBlocked ? `blocked by bd-x0.${String(index % 90)}` : null,
      { labels: [`project:area-${String(index % 12)}`], downstream: index % 9 },
    ]);
  });
  const statuses = ["running", "reviewing", "approved", "merged", "queued", "failed", "stopped"] as const;
  const crowd = Array.from({ length: 300 - full.sessions.length }, (_, index) => {
    const status = statuses[index % statuses.length] ?? "running";
    const isAlive = status === "running" || status === "reviewing";
    return makeSession({
      item: `bd-y.${String(index)}`,
      title: `Session number ${String(index)} among many others`,
      minutes: 5 + index,
      view: {
        status,
        evidence: {
          process: isAlive ? "alive" : "none",
          lastByteAt: isAlive ? ago(3000) : null,
          tool: isAlive ? { name: "Bash", since: ago(40_000) } : null,
          derived: null,
        },
        changes: { files: 3, added: index, removed: 7 },
      },
    });
  });
  return { ...full, items: [...full.items, ...more], sessions: [...full.sessions, ...crowd] };
}

function running(): LoopView {
  return {
    id: "loop-4c1e09aa",
    repository: repository.id,
    project: "auth",
    landing: "ask",
    status: "running",
    maxSessions: 200,
    maxFailures: 10,
    reason: null,
    parked: [
      {
        item: parseItemId("bd-auth.4"),
        title: "Sign in with a hardware key",
        session: null,
        why: "The agent's type security-engineer is not known. Known: backend-engineer, frontend-engineer.",
        isFailure: true,
      },
    ],
    by: "mara",
    startedAt: ago(95 * minute),
    endedAt: null,
  };
}

function finished(): LoopView {
  const failed = sessionOf("bd-ops.1");
  return {
    ...running(),
    id: "loop-11d2f07b",
    project: null,
    status: "finished",
    landing: "auto",
    reason: "Done, except for 1 item that a person has to look at.",
    parked: [
      {
        item: failed.item.id,
        title: failed.item.title,
        session: failed.id,
        why: "The validation stayed red. npm test: exit 1 after 2 repairs",
        isFailure: true,
      },
    ],
    startedAt: ago(600 * minute),
    endedAt: ago(300 * minute),
  };
}

function closedItems(): ItemView[] {
  const ended = sessions.filter(({ status }) => status === "merged");
  return [
    ...ended.map(({ item }) => makeItem([item.id, item.title, item.type, item.priority, "closed"])),
    makeItem(["bd-auth.0", "Decide on the hash", "task", 1, "closed"]),
    makeItem(["bd-ui.1", "Choose the typeface", "chore", 3, "closed"]),
  ].map((item) => ({ ...item, status: "closed" }));
}

function landed(): LandingView[] {
  return sessions
    .filter(({ status }) => status === "merged")
    .map((session) => ({
      id: `l-${session.id}`,
      kind: "merge" as const,
      train: null,
      session: session.id,
      repository: repository.id,
      item: session.item.id,
      head: session.head ?? oid(session.id),
      status: "landed",
      step: "cleaned",
      message: session.summary ?? session.item.title,
      conflicts: [],
      gate: null,
      url: null,
      commit: session.mergeCommit ?? oid(session.id),
      by: session.byHand ? "by hand" : "mara",
      startedAt: session.since,
      endedAt: session.since,
    }));
}
