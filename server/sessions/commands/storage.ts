import type { Change, Retention, Upkeep } from "../ports.ts";
import type { Handler } from "../command.ts";
import { prune, type Pruned } from "../prune.ts";
import type { Room } from "../room.ts";

/** Backups and pruning, as people ask for them. */
export function createStorageCommands(
  room: Room & { readonly upkeep: Upkeep; readonly retention: Retention; measured(): void },
): {
  readonly "backup:create": Handler<"backup:create">;
  readonly "storage:prune": Handler<"storage:prune">;
} {
  return {
    async "backup:create"(_input, { actor, settle }) {
      const backup = await room.upkeep.backUp();
      room.measured();
      return settle(() =>
        Promise.resolve({
          change: {
            audit: [
              {
                actor: actor.name,
                action: "backup:create",
                target: backup.file,
                outcome: "done",
                detail: `${backup.bytes} bytes`,
              },
            ],
          },
          answer: backup,
        }),
      );
    },
    async "storage:prune"({ dryRun }, { actor, settle }) {
      const pruned = await prune(room, room.retention, dryRun);
      room.measured();
      return settle(() =>
        Promise.resolve({ change: dryRun ? {} : prunedChange(pruned, actor.name), answer: { pruned } }),
      );
    },
  };
}

/** What went is told, whoever made it go. */
export function prunedChange(pruned: readonly Pruned[], actor: string): Change {
  if (pruned.length === 0) return {};
  const count = (kind: Pruned["kind"]) => pruned.filter((each) => each.kind === kind).length;
  const text = `${actor} pruned ${count("session")} directories of ended sessions and ${count("archive")} archives that were kept long enough.`;
  return {
    facts: [{ name: "storage:pruned", repository: null, session: null, actor, text, changes: {} }],
    audit: pruned.map(({ name, why }) => ({
      actor,
      action: "storage:prune",
      target: name,
      outcome: "done",
      detail: why,
    })),
  };
}
