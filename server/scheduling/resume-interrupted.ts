import { findRepository } from "../sessions/find-session.ts";
import type { Handler } from "../sessions/command.ts";
import type { NewFact } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";

/**
 * Sets going again what a restart of the machine has cut off: as many as there is room for at once, the others as room
 * comes. Each waits like a failure that passes, so {@link createRetries} does the rest.
 */
export function createResumeInterrupted({
  store,
}: Pick<Room, "store">): Handler<"session:resume-interrupted"> {
  return async ({ repository: wanted, all }, { actor, settle }) => {
    const repository = all ? null : (await findRepository(store, wanted)).id;
    return settle(async (at) => {
      const rows = (await store.open(repository)).filter(
        ({ state, spec, view }) => state.status === "interrupted" && spec !== null && !view.retry,
      );
      const sessions = rows.map((row) => ({
        ...row,
        view: { ...row.view, retry: { at, waits: true, attempt: 1, of: 1 } },
      }));
      const facts = sessions.map((row): NewFact => ({
        name: "session:moved",
        repository: row.repository,
        session: row.id,
        actor: actor.name,
        text: `${actor.name} lets ${row.item} go on as soon as there is room.`,
        changes: { sessions: [row.view] },
      }));
      const audit = sessions.map(({ id }) => ({
        action: "session:resume-interrupted",
        target: id,
        outcome: "done",
        detail: "",
      }));
      return { change: { sessions, facts, audit }, answer: { resumed: sessions.map(({ id }) => id) } };
    });
  };
}
