import { isAbsolute } from "node:path";
import { ProblemError } from "../../application.ts";
import type { Handler } from "../command.ts";
import type { RepositoryRow } from "../ports.ts";
import { repositoryFact, repositoryView, surveyRepository } from "../repositories.ts";
import type { Room } from "../room.ts";

/** Registers a repository, or finds it registered; its backlog is read from then on. */
export function createAddRepository(room: Room): Handler<"repository:add"> {
  return async ({ path }, { actor, settle }) => {
    if (!isAbsolute(path))
      throw new ProblemError(
        "invalid",
        `${path} is not a whole path.`,
        "Give it from / on, as it is on the server's machine.",
      );
    const { git, clock, store, readSettings } = room;
    const survey = await surveyRepository(path, { git, readSettings, now: clock.now().toISOString() });
    await git.excludeWorktrees(survey.root);
    const answer = await settle(async () => {
      const known = (await store.repositories(true)).find(({ id }) => id === survey.id);
      const isNew = !known || known.removedAt !== null;
      const row = known ? lookedAtAnew(known, survey) : survey;
      const view = repositoryView(row, (await readSettings(row.root)).problem);
      const isSame = known && JSON.stringify(known) === JSON.stringify(row);
      if (isSame) return { change: {}, answer: { repository: view, added: false } };
      const text = isNew ? `${row.name} was added.` : `${row.name} was looked at anew.`;
      return {
        answer: { repository: view, added: isNew },
        change: {
          repository: row,
          facts: [repositoryFact(isNew ? "repository:added" : "repository:changed", view, actor.name, text)],
          audit: [
            {
              actor: actor.name,
              action: "repository:add",
              target: row.id,
              outcome: "done",
              detail: row.root,
            },
          ],
        },
      };
    });
    await room.openRepository(await room.repository(survey.id));
    return answer;
  };
}

/** What was seen of it and every alarm stay; only the tip of another base than before says nothing about this one's. */
function lookedAtAnew(known: RepositoryRow, survey: RepositoryRow): RepositoryRow {
  const { instance, addedAt, guard } = known;
  const isOtherBase = known.base !== survey.base;
  return { ...survey, instance, addedAt, guard: guard && isOtherBase ? { ...guard, tip: null } : guard };
}
