import { randomUUID } from "node:crypto";
import type { RepositoryId } from "#lib/domain/ids.ts";
import { type Actor, ProblemError } from "../application.ts";
import { coalesce } from "./coalesce.ts";
import type { CarryOut } from "./commander.ts";
import { landingRefusal } from "./landing-refusal.ts";
import { inPlannedOrder } from "./plan-landings.ts";
import type { Change, SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";

/** Acts where the configuration says so; who wrote it there decided, and may land. */
const policy: Actor = {
  person: "owner",
  name: "policy",
  role: "owner",
  lands: [],
  via: { kind: "loop", id: "landing" },
  isFresh: true,
  isConfined: false,
};

/** Lands what is approved by itself, where a repository's configuration asks for it. */
export interface AutoLanding {
  /** Looks at the repositories that a change may concern; at all where none is given. */
  wake(change?: Change): Promise<void>;
}

export function createAutoLanding(
  room: Pick<
    Room,
    "store" | "clock" | "merging" | "readSettings" | "repository" | "checkBase" | "downstreamOf"
  >,
  command: CarryOut,
): AutoLanding {
  const { store } = room;
  const looks = new Map<RepositoryId, () => Promise<void>>();

  async function look(id: RepositoryId): Promise<void> {
    // A repository without open sessions may have been removed just now.
    if ((await approvedIn(id)).length === 0) return;
    const repository = await room.repository(id);
    if (!(await room.readSettings(repository.root)).landing.auto) return;
    // What others have overtaken is checked anew first.
    await room.checkBase(repository);
    const landable: SessionRow[] = [];
    for (const row of await approvedIn(id)) {
      if ((await landingRefusal(room, row)) === null) landable.push(row);
    }
    for (const row of await inPlannedOrder(room, repository, landable)) {
      try {
        const input = { repository: id, session: row.id };
        await command("merge:start", input, { actor: policy, key: randomUUID() });
      } catch (error) {
        // Kept for a person, or it has moved on; both show where they are decided.
        if (!(error instanceof ProblemError)) throw error;
      }
    }
  }

  async function approvedIn(id: RepositoryId): Promise<SessionRow[]> {
    return (await store.open(id)).filter(({ state }) => state.status === "approved");
  }

  return {
    async wake(change) {
      const ids = change ? concerned(change) : (await store.repositories()).map(({ id }) => id);
      for (const id of new Set(ids)) {
        let again = looks.get(id);
        if (!again) looks.set(id, (again = coalesce(() => look(id))));
        await again();
      }
    },
  };
}

/** Where something was approved, or the base moved or its alarms ended. */
function concerned({ repository, sessions = [] }: Change): RepositoryId[] {
  const approved = sessions.filter(({ state }) => state.status === "approved");
  return [...(repository ? [repository.id] : []), ...approved.map((row) => row.repository)];
}
