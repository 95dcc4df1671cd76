import type { AttentionView } from "#lib/contract/wire.ts";
import { attentionOf } from "#lib/domain/attention.ts";
import type { ItemId, RepositoryId } from "#lib/domain/ids.ts";
import { landingView } from "../merging/landing.ts";
import { loopView } from "../scheduling/loop-view.ts";
import type { Room } from "../sessions/room.ts";
import { currentSessions, questionViews } from "../sessions/views.ts";

/** Everything that needs a person, from the same views and by the same rule as the browser's inbox. */
export async function readInbox(room: Room, repository: RepositoryId | null): Promise<AttentionView[]> {
  const { store } = room;
  return attentionOf({
    sessions: await currentSessions(room, repository),
    questions: await questionViews(room, await store.questions(repository, false)),
    landings: (await store.landings({ repository, limit: 200 })).map(landingView),
    loops: (await store.loops({ repository, limit: 200 })).map(loopView),
    downstreamOf: (id, item) => openDownstream(room, id, item),
  });
}

/** Null where the item is open no more, or its backlog is not read. */
function openDownstream(
  { openBacklog }: Pick<Room, "openBacklog">,
  repository: RepositoryId,
  item: ItemId,
): number | null {
  const state = openBacklog(repository)?.current();
  const found = state?.items.get(item);
  if (!found || found.status === "closed") return null;
  return state?.downstream.get(item) ?? 0;
}
