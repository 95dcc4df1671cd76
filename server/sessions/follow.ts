import type { FollowAnswer, MeView, Snapshot } from "#lib/contract/wire.ts";
import type { Actor } from "../application.ts";
import { landingView } from "../merging/landing.ts";
import { loopView } from "../scheduling/loop-view.ts";
import type { Room } from "./room.ts";
import { currentSessions, questionViews, repositoryViews } from "./views.ts";

/** More than these are no catching up: a snapshot is smaller and newer. */
const mostFacts = 1000;
const mostItems = 1000;

/** What a client that comes (back) is told: exactly the facts that it missed, or how things are. */
export async function follow(
  room: Room & { me(actor: Actor): MeView },
  since: number | null,
  actor: Actor,
): Promise<FollowAnswer> {
  const { store } = room;
  if (since !== null) {
    const [first, last] = [await store.firstFact(), await store.lastFact()];
    const isKnown = since <= last && (since >= first - 1 || last === 0) && last - since <= mostFacts;
    if (isKnown) return { kind: "facts", facts: since === last ? [] : await store.facts(since, mostFacts) };
  }
  return { kind: "snapshot", snapshot: await snapshot(room, actor) };
}

async function snapshot(room: Room & { me(actor: Actor): MeView }, actor: Actor): Promise<Snapshot> {
  const { store } = room;
  // Read first: what is committed meanwhile shows below, and is told again by its fact, which is harmless.
  const seq = await store.lastFact();
  const repositories = await repositoryViews(room);
  const items = repositories.flatMap(({ id }) => {
    const backlog = room.openBacklog(id);
    const known = [...(backlog?.current()?.items.values() ?? [])].filter(({ status }) => status !== "closed");
    return known.slice(0, mostItems).flatMap((item) => backlog?.view(item) ?? []);
  });
  return {
    seq,
    me: room.me(actor),
    repositories,
    sessions: await currentSessions(room, null),
    questions: await questionViews(room, await store.questions(null, false)),
    items,
    landings: (await store.landings({ limit: 50 })).map(landingView),
    overlaps: room.overlaps.of(null),
    loops: (await store.loops({ limit: 50 })).map(loopView),
    recent: (await store.recentFacts(100)).filter((fact) => fact.seq <= seq),
  };
}
