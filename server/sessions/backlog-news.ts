import { actorFor } from "#lib/domain/ids.ts";
import type { BacklogDifference } from "../scheduling/backlog.ts";
import type { Intake } from "./intake.ts";
import type { Ledger } from "./ledger.ts";
import type { NewEffect, NewFact, RepositoryRow, SessionRow, SessionStore } from "./ports.ts";
import { trackerLane } from "./session-row.ts";

/** A fact holds at most this many items; the first reading of a large backlog becomes several. */
const itemsPerFact = 500;

/** Tells what changed in a backlog, and looks at what was closed while a session still works on it. */
export function createBacklogNews(deps: {
  store: SessionStore;
  ledger: Ledger;
  intake: Pick<Intake, "runOf">;
}) {
  const { store, ledger, intake } = deps;

  return async (repository: RepositoryRow, difference: BacklogDifference): Promise<void> => {
    const { before, now, removed } = difference;
    // Nobody has seen the closed ones of a first reading, and nobody needs them.
    const changed = difference.changed.filter(({ status }) => before !== null || status !== "closed");
    const count = changed.length + removed.length;
    const facts: NewFact[] = [];
    for (let at = 0; at === 0 || at < changed.length; at += itemsPerFact) {
      facts.push({
        name: "backlog:changed",
        repository: repository.id,
        session: null,
        actor: "tracker",
        text: `${count} ${count === 1 ? "item" : "items"} of ${repository.name} changed.`,
        changes: {
          items: changed.slice(at, at + itemsPerFact),
          ...(at === 0 ? { removedItems: removed.map((id) => ({ repository: repository.id, id })) } : {}),
        },
      });
    }
    const closings = before
      ? (await store.open(repository.id)).filter(
          ({ item, state }) =>
            state.status !== "merging" &&
            now.items.get(item)?.status === "closed" &&
            before.items.get(item)?.status !== "closed",
        )
      : [];
    const effects: NewEffect[] = [];
    for (const row of closings) {
      const item = now.items.get(row.item);
      const isOwn = await isItsOwnDoing(row, item?.closedBy ?? null);
      if (isOwn) {
        effects.push({
          key: `${row.id}/undo-close/${item?.closedAt ?? ""}`,
          lane: trackerLane(row),
          session: row.id,
          intent: { kind: "undo-close" },
        });
      }
      facts.push({
        name: "warning:raised",
        repository: repository.id,
        session: row.id,
        actor: isOwn ? actorFor(row.id) : "tracker",
        text: isOwn
          ? `The agent of ${row.id} closed ${row.item} itself; it is opened again.`
          : `${row.item} was closed elsewhere while ${row.id} is ${row.state.status}.`,
        changes: { sessions: [row.view] },
      });
    }
    await ledger.write(() => Promise.resolve({ change: { facts, effects }, result: undefined }));
  };

  async function isItsOwnDoing(row: SessionRow, closedBy: string | null): Promise<boolean> {
    if (closedBy === null) return false;
    const run = await intake.runOf(row);
    return closedBy === actorFor(row.id) || closedBy === run.agentSession;
  }
}
