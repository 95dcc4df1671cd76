import type { ItemId, QuestionId, RepositoryId, SessionId } from "./ids.ts";
import { isRefusedRevert } from "./merge.ts";
import { plainLine } from "./plain-line.ts";
import type { Question } from "./question.ts";
import type { SessionStatus } from "./session.ts";

/** Everything that can need a person. */
export const attentionKinds = [
  "question",
  "rejected",
  "no-verdict",
  "conflict",
  "gate-red",
  "landing-stuck",
  "revert-refused",
  "approval",
  "budget",
  "failed",
  "interrupted",
  "unknown",
  "stale",
  "parked",
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** One thing that needs a person, and what its place in the queue comes from. */
export interface Attention {
  /** What it is about; another round of the same has the same key and another `since`. */
  readonly key: string;
  readonly kind: AttentionKind;
  readonly repository: RepositoryId;
  readonly item: { readonly id: ItemId; readonly title: string };
  readonly session: SessionId | null;
  readonly question: QuestionId | null;
  /** One sentence for people. */
  readonly text: string;
  /** How many open items wait behind this one. */
  readonly unblocks: number;
  /** Since when it has been waiting. */
  readonly since: string;
}

/** Sessions, questions, landings, loops and items as clients see them, as far as they matter here. */
export interface AttentionViews {
  readonly sessions: Iterable<{
    readonly id: SessionId;
    readonly repository: RepositoryId;
    readonly item: {
      readonly id: ItemId;
      readonly title: string;
      readonly labels: readonly string[];
    };
    readonly status: SessionStatus;
    readonly since: string;
    readonly createdAt: string;
    readonly head: string | null;
    readonly reason: { readonly code: string; readonly text: string } | null;
    readonly evidence: {
      readonly derived: "stale" | "unknown" | null;
      readonly lastByteAt: string | null;
    };
  }>;
  readonly questions: Iterable<{
    readonly session: SessionId;
    readonly repository: RepositoryId;
    readonly item: { readonly id: ItemId; readonly title: string };
    readonly question: Question;
    /** What waited behind it when it was told; counts only where its backlog is not read. */
    readonly downstream: number;
  }>;
  readonly landings: Iterable<{
    readonly session: SessionId;
    readonly kind?: "merge" | "revert" | undefined;
    readonly status: string;
    readonly message: string;
    /** What was to land. */
    readonly head?: string | undefined;
    readonly startedAt: string;
    readonly endedAt: string | null;
  }>;
  readonly loops: Iterable<{
    readonly repository: RepositoryId;
    readonly project: string | null;
    readonly landing: "auto" | "ask";
    readonly status: "running" | "stopped" | "finished";
    readonly parked: readonly {
      readonly item: ItemId;
      readonly title: string;
      readonly why: string;
    }[];
    readonly startedAt: string;
    readonly endedAt: string | null;
  }>;
  /** How many open items wait behind an item; null where the item is open no more, or not known. */
  downstreamOf(repository: RepositoryId, item: ItemId): number | null;
}

type SessionLook = AttentionViews["sessions"] extends Iterable<infer Each> ? Each : never;
type LandingLook = AttentionViews["landings"] extends Iterable<infer Each> ? Each : never;
type LoopLook = AttentionViews["loops"] extends Iterable<infer Each> ? Each : never;

/** The queue: all that needs a person, what holds up most first. */
export function attentionOf(views: AttentionViews): Attention[] {
  const sessions = newestOfItems(views.sessions);
  const landings = newestBy(
    views.landings,
    ({ session }) => session,
    ({ startedAt }) => startedAt,
  );
  const loops = [...views.loops];
  const queue: Attention[] = [];
  for (const { session, repository, item, question, downstream } of views.questions) {
    if (question.status !== "open") continue;
    queue.push({
      key: `${session}/${question.id}`,
      kind: "question",
      repository,
      item: { id: item.id, title: item.title },
      session,
      question: question.id,
      text: plainLine(question.prompts[0]?.text ?? ""),
      unblocks: views.downstreamOf(repository, item.id) ?? downstream,
      since: question.askedAt,
    });
  }
  for (const session of sessions.values()) {
    const need = needOf(session, landings.get(session.id) ?? null, loops);
    if (!need) continue;
    // Whoever took it back by hand has opened the item again.
    if (need.kind === "revert-refused" && views.downstreamOf(session.repository, session.item.id) !== null)
      continue;
    queue.push({
      key: session.id,
      ...need,
      repository: session.repository,
      item: { id: session.item.id, title: session.item.title },
      session: session.id,
      question: null,
      unblocks: views.downstreamOf(session.repository, session.item.id) ?? 0,
    });
  }
  queue.push(...parkedOf(loops, sessions, views.downstreamOf.bind(views)));
  return queue.sort(byWeight);
}

/** What unblocks more comes first; of equals, what has waited longer. The key makes the order total. */
export function byWeight(a: Attention, b: Attention): number {
  return (
    b.unblocks - a.unblocks ||
    Date.parse(a.since) - Date.parse(b.since) ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

function needOf(
  session: SessionLook,
  landing: LandingLook | null,
  loops: readonly LoopLook[],
): Pick<Attention, "kind" | "text" | "since"> | null {
  const { status, since, reason, evidence } = session;
  switch (status) {
    case "approved": {
      const stuck = landing && landing.endedAt !== null && landing.head === session.head ? landing : null;
      if (stuck && stuck.status !== "landed" && stuck.status !== "cancelled") {
        return { kind: kindOfRefusal(stuck.status), text: stuck.message, since: stuck.endedAt ?? since };
      }
      // A loop that lands by itself will do it.
      if (loops.some((loop) => loop.landing === "auto" && isWorkedOffBy(loop, session))) return null;
      return { kind: "approval", text: "Approved by its council; it waits to be merged.", since };
    }
    case "merged":
      return landing && isRefusedRevert(landing)
        ? { kind: "revert-refused", text: landing.message, since: landing.endedAt ?? since }
        : null;
    case "rejected":
      return { kind: "rejected", text: reason?.text ?? "The council rejected it for good.", since };
    case "failed":
      return { kind: kindOfFailure(reason?.code), text: reason?.text ?? "It failed.", since };
    case "interrupted":
      return { kind: "interrupted", text: reason?.text ?? "It was cut off.", since };
    case "running":
    case "reviewing":
    case "preparing":
    case "completed":
      if (evidence.derived === null) return null;
      return {
        kind: evidence.derived,
        text:
          evidence.derived === "stale"
            ? "It has said nothing for a long time."
            : "Its process is gone, and nobody has said how it ended.",
        since: evidence.lastByteAt !== null && evidence.lastByteAt > since ? evidence.lastByteAt : since,
      };
    default:
      return null;
  }
}

function kindOfRefusal(status: string): AttentionKind {
  if (status === "gate-red") return "gate-red";
  // Whoever takes the pull request in decides there.
  return status === "proposed" ? "approval" : "landing-stuck";
}

function kindOfFailure(code: string | undefined): AttentionKind {
  if (code === "no-verdict") return "no-verdict";
  if (code === "merge-conflict") return "conflict";
  if (code === "budget-exhausted" || code === "turns-exhausted") return "budget";
  return "failed";
}

function isWorkedOffBy(loop: LoopLook, { repository, item }: SessionLook): boolean {
  if (loop.status !== "running" || loop.repository !== repository) return false;
  return (
    loop.project === null ||
    item.labels.some((label) => label === loop.project || label === `project:${loop.project ?? ""}`)
  );
}

/** Items that a loop left to a person, where no session of theirs says so already. */
function parkedOf(
  loops: readonly LoopLook[],
  sessions: ReadonlyMap<string, SessionLook>,
  downstreamOf: AttentionViews["downstreamOf"],
): Attention[] {
  const newest = newestBy(
    loops,
    ({ repository, project }) => `${repository}/${project ?? ""}`,
    ({ startedAt }) => startedAt,
  );
  const parked = new Map<string, Attention>();
  for (const loop of newest.values()) {
    for (const { item, title, why } of loop.parked) {
      const key = `${loop.repository}/${item}`;
      const unblocks = downstreamOf(loop.repository, item);
      const status = sessions.get(key)?.status;
      // An ended item needs nobody, and a session that goes on, or needs somebody itself, speaks for itself.
      if (unblocks === null || (status !== undefined && status !== "stopped")) continue;
      parked.set(key, {
        key: `parked/${key}`,
        kind: "parked",
        repository: loop.repository,
        item: { id: item, title },
        session: sessions.get(key)?.id ?? null,
        question: null,
        text: why,
        unblocks,
        since: loop.endedAt ?? loop.startedAt,
      });
    }
  }
  return [...parked.values()];
}

/** An item's older sessions were replaced by its newest. */
function newestOfItems(sessions: AttentionViews["sessions"]): Map<string, SessionLook> {
  return newestBy(
    sessions,
    ({ repository, item }) => `${repository}/${item.id}`,
    ({ createdAt, id }) => `${createdAt}/${id}`,
  );
}

function newestBy<Each>(
  all: Iterable<Each>,
  keyOf: (each: Each) => string,
  ageOf: (each: Each) => string,
): Map<string, Each> {
  const newest = new Map<string, Each>();
  for (const each of all) {
    const known = newest.get(keyOf(each));
    if (!known || ageOf(known) < ageOf(each)) newest.set(keyOf(each), each);
  }
  return newest;
}
