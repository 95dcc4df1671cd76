import { isAbsolute } from "node:path";
import { ProblemError } from "../../application.ts";
import type { Handler } from "../command.ts";
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
      const known = (await store.repositories()).find(({ id }) => id === survey.id);
      const row = known ? { ...survey, instance: known.instance, addedAt: known.addedAt } : survey;
      const view = repositoryView(row, (await readSettings(row.root)).problem);
      const isSame = known && JSON.stringify(known) === JSON.stringify(row);
      if (isSame) return { change: {}, answer: { repository: view, added: false } };
      const text = known ? `${row.name} was looked at anew.` : `${row.name} was added.`;
      return {
        answer: { repository: view, added: !known },
        change: {
          repository: row,
          facts: [repositoryFact(known ? "repository:changed" : "repository:added", view, actor.name, text)],
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
