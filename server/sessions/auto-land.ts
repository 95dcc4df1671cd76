import { randomUUID } from "node:crypto";
import type { RepositoryId } from "#lib/domain/ids.ts";
import { type Actor, ProblemError } from "../application.ts";
import { coalesce } from "./coalesce.ts";
import type { CarryOut } from "./commander.ts";
import { approvalOf } from "./landing-order.ts";
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
  room: Pick<Room, "store" | "readSettings" | "repository">,
  command: CarryOut,
): AutoLanding {
  const { store } = room;
  const looks = new Map<RepositoryId, () => Promise<void>>();

  async function look(id: RepositoryId): Promise<void> {
    const repository = await room.repository(id);
    if (!(await room.readSettings(repository.root)).landing.auto) return;
    for (const row of await store.open(id)) {
      if (row.state.status !== "approved" || (await wasRefused(row))) continue;
      try {
        const input = { repository: id, session: row.id };
        await command("merge:start", input, { actor: policy, key: randomUUID() });
      } catch (error) {
        // Kept for a person, or it has moved on; both show where they are decided.
        if (!(error instanceof ProblemError)) throw error;
      }
    }
  }

  /** What was refused as it stands is for a person, or for its agent. */
  async function wasRefused(row: SessionRow): Promise<boolean> {
    const [last] = await store.landings({ session: row.id, limit: 1 });
    if (!last?.journal.outcome) return false;
    return last.journal.order.approval.head === approvalOf(row)?.head;
  }

  return {
    async wake(change) {
      const approved = change?.sessions?.filter(({ state }) => state.status === "approved");
      const ids = approved
        ? approved.map(({ repository }) => repository)
        : (await store.repositories()).map(({ id }) => id);
      for (const id of new Set(ids)) {
        let again = looks.get(id);
        if (!again) looks.set(id, (again = coalesce(() => look(id))));
        await again();
      }
    },
  };
}
