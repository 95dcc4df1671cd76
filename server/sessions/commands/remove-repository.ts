import { ProblemError } from "../../application.ts";
import type { Handler } from "../command.ts";
import type { RepositoryRow } from "../ports.ts";
import { isThere, repositoryFact, repositoryView } from "../repositories.ts";
import type { Room } from "../room.ts";

/** Manages a repository no longer. Its folder is not touched, and everything about it is kept for when it comes back. */
export function createRemoveRepository(room: Room): Handler<"repository:remove"> {
  const { store } = room;

  return async ({ repository: id }, { actor, settle }) => {
    const problem = await room.problemOf(await room.repository(id));
    const answer = await settle(async (at) => {
      const row = await room.repository(id);
      await refuseWhileUsed(row);
      const owed = await owedBy(row);
      if (owed.length > 0 && (await isThere(row))) {
        throw new ProblemError(
          "conflict",
          `Work of ${row.name} is still being put away.`,
          "Try again in a moment.",
        );
      }
      const view = repositoryView(row, problem);
      const text = `${actor.name} removed ${row.name} from Amplify.`;
      return {
        answer: { repository: view },
        change: {
          repository: { ...row, removedAt: at },
          // Where its folder is gone they would be tried for ever.
          abandoned: owed.map((effect) => ({ id: effect, problem: "Its repository was removed." })),
          facts: [repositoryFact("repository:removed", view, actor.name, text)],
          audit: [
            { actor: actor.name, action: "repository:remove", target: id, outcome: "done", detail: row.root },
          ],
        },
      };
    });
    room.closeRepository(id);
    return answer;
  };

  async function refuseWhileUsed({ id, name }: RepositoryRow) {
    const [loop] = await store.loops({ repository: id, status: "running", limit: 1 });
    if (loop)
      throw new ProblemError(
        "conflict",
        `A loop works ${name} off.`,
        "amplify session execute --stop ends it.",
      );
    const open = await store.open(id);
    if (open.length === 0) return;
    const named = open.slice(0, 5).map((row) => `${row.id} (${row.state.status})`);
    throw new ProblemError(
      "conflict",
      `${name} has sessions that are not at their end: ${named.join(", ")}${open.length > 5 ? ", …" : ""}.`,
      "Land them, or give them up: amplify session stop <session> --discard",
    );
  }

  /** What was decided and is not done yet. */
  async function owedBy({ id }: RepositoryRow): Promise<number[]> {
    const owed: number[] = [];
    for (const effect of await store.pendingEffects()) {
      const row = effect.session && (await store.session(effect.session));
      if (row && row.repository === id) owed.push(effect.id);
    }
    return owed;
  }
}
