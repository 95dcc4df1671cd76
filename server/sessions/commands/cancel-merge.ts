import { landingView } from "../../merging/landing.ts";
import type { Handler } from "../command.ts";
import { requireLanding } from "../commander.ts";
import { findRepository, findSession } from "../find-session.ts";
import type { Room } from "../room.ts";

/** Ends landings that have not moved the base yet, the last of the queue first, so that none takes another's turn. */
export function createCancelMerge(room: Room): Handler<"merge:cancel"> {
  const { store, merging } = room;

  return async ({ repository: wanted, session }, { actor, settle }) => {
    const row = session ? await findSession(store, session) : null;
    const repository = row?.repository ?? (await findRepository(store, wanted)).id;
    requireLanding(actor, repository);
    const known = await store.landings({ repository, limit: 500 });
    const running = known.filter(
      ({ status, journal }) => status === "running" && (!row || journal.order.session === row.id),
    );
    const ends = await Promise.all(running.map(async ({ id }) => [id, await merging.cancel(id)] as const));
    const isCancelled = new Map(ends);
    return settle(async () => {
      const now = await store.landings({ repository, limit: 500 });
      const views = now.filter(({ id }) => isCancelled.has(id)).map(landingView);
      const cancelled = views.filter(({ id }) => isCancelled.get(id));
      return {
        change: {
          audit: cancelled.map(({ session: target }) => {
            return { actor: actor.name, action: "merge:cancel", target, outcome: "done", detail: "" };
          }),
        },
        answer: { cancelled, tooLate: views.filter(({ id }) => !isCancelled.get(id)) },
      };
    });
  };
}
