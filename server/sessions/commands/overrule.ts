import { type Actor, ProblemError } from "../../application.ts";
import type { Handler } from "../command.ts";
import { requireLanding } from "../commander.ts";
import { findSession } from "../find-session.ts";
import { overruleOf } from "../overrule-of.ts";
import type { RepositoryRow, RepositorySettings } from "../ports.ts";
import { requireSettings } from "../require-settings.ts";
import type { Room } from "../room.ts";
import { movedOrRefused } from "../session-row.ts";

/**
 * A person decides last: approves what a council refused or could not agree on, or refuses what it approved. The
 * decision names its reason and holds for exactly the head that the branch has now.
 */
export function createOverrule(room: Room): Handler<"session:overrule"> {
  const { store, git } = room;

  return async ({ session, verdict, reason, head: seen }, { actor, settle }) => {
    const found = await findSession(store, session);
    const repository = await room.repository(found.repository);
    const settings = await room.readSettings(repository.root);
    requireSettings(repository, settings);
    requireOverruling(actor, repository, settings.council.overrule);
    await room.intake.takeIn(found.id);
    const tip = await git.resolve(repository.root, `refs/heads/${found.view.branch}`);

    return settle(async (at) => {
      const row = (await store.session(found.id)) ?? found;
      const run = await room.intake.runOf(row);
      const event = overruleOf(row, run, { verdict, reason, by: actor.name, at, seen, tip });
      const next = movedOrRefused(row, event, at);
      const { verdict: decided, head } = event.overrule;
      return {
        answer: { session: next.view },
        change: {
          sessions: [next],
          facts: [
            {
              name: "review:overruled",
              repository: row.repository,
              session: row.id,
              actor: actor.name,
              text: `${actor.name} ${decided} ${row.item} against its council: ${reason}`,
              changes: { sessions: [next.view] },
            },
          ],
          audit: [
            {
              actor: actor.name,
              action: "session:overrule",
              target: row.id,
              outcome: decided,
              detail: `${head} ${reason}`,
            },
          ],
        },
      };
    });
  };
}

/** Whose word this is, the repository says; without a word of its own it is theirs who may land. */
function requireOverruling(
  actor: Actor,
  { id, name }: RepositoryRow,
  who: RepositorySettings["council"]["overrule"],
) {
  if (who === "landers") requireLanding(actor, id);
  if (who !== "nobody" && (who !== "owners" || actor.role === "owner")) return;
  throw new ProblemError(
    "forbidden",
    who === "nobody"
      ? `Nobody overrules a council in ${name}.`
      : `Only owners overrule a council in ${name}.`,
    "Its amplify.config.json says so: council.overrule.",
  );
}
