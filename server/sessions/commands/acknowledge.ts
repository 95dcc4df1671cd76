import type { Handler } from "../command.ts";
import { findRepository } from "../find-session.ts";
import { repositoryFact, repositoryView } from "../repositories.ts";
import type { Room } from "../room.ts";

/** Ends a repository's alarms: a person has looked, and landings go on from how things are now. */
export function createAcknowledge(room: Room): Handler<"repository:acknowledge"> {
  return async ({ repository: wanted, note }, { actor, settle }) => {
    const { id } = await findRepository(room.store, wanted);
    const problem = await room.problemOf(await room.repository(id));
    return settle(async () => {
      const row = await room.repository(id);
      const acknowledged = [...(row.guard?.alarms ?? [])];
      const next = { ...row, guard: row.guard && { ...row.guard, alarms: [] } };
      const view = repositoryView(next, problem);
      const text = `${actor.name} has looked at ${row.name}'s alarms${note ? `: ${note}` : "."}`;
      return {
        change:
          acknowledged.length === 0
            ? {}
            : { repository: next, facts: [repositoryFact("repository:changed", view, actor.name, text)] },
        answer: { repository: view, acknowledged },
      };
    });
  };
}
