import type { CommandName } from "#lib/contract/wire.ts";
import { actorFor, type ItemId, type RepositoryId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";
import { ProblemError } from "../application.ts";
import { type WorkSource, WorkSourceError } from "../ports.ts";
import type { CommandContext, Handler } from "../sessions/command.ts";
import { findRepository } from "../sessions/find-session.ts";
import type { Room } from "../sessions/room.ts";
import { trackerProblem } from "./tracker-problem.ts";

type ItemCommand = Extract<CommandName, `item:${string}`>;

/** The commands that write into the backlog itself, whichever tracker holds it. */
export function createItemCommands({ store, backlog: backlogOf }: Pick<Room, "store" | "backlog">): {
  readonly [Name in ItemCommand]: Handler<Name>;
} {
  /** Does the work in the tracker, reads it anew, and answers with the item as it is then. */
  async function change(
    name: ItemCommand,
    repository: Parameters<typeof findRepository>[1],
    { actor, settle }: CommandContext<ItemCommand>,
    work: (source: WorkSource, repository: RepositoryId) => Promise<ItemId>,
  ) {
    const { id: owner } = await findRepository(store, repository);
    const backlog = await backlogOf(owner);
    try {
      const id = await work(backlog.source, owner);
      await backlog.refresh();
      const item = (await backlog.get()).items.get(id) ?? (await backlog.source.show(id));
      if (!item) throw new WorkSourceError("not-found", `There is no item ${id} any more.`);
      return await settle(() =>
        Promise.resolve({
          answer: { item: backlog.view(item) },
          change: {
            audit: [{ actor: actor.name, action: name, target: id, outcome: "done", detail: item.title }],
          },
        }),
      );
    } catch (error) {
      throw error instanceof WorkSourceError ? trackerProblem(error) : error;
    }
  }

  return {
    "item:create": ({ repository, dependsOn, ...draft }, context) =>
      change("item:create", repository, context, async (source) => {
        for (const id of dependsOn) await mustExist(source, id);
        const { id } = await source.create(draft, context.actor.name, context.key);
        for (const to of dependsOn)
          await source.addDependency({ from: id, to, kind: "blocks" }, context.actor.name);
        return id;
      }),

    "item:edit": ({ repository, item, ...fields }, context) =>
      change("item:edit", repository, context, async (source) => {
        const given = Object.entries(fields).filter(([, value]) => value !== undefined);
        if (given.length === 0)
          throw new ProblemError("invalid", "Nothing is to be changed.", "Say what: such as --title.");
        await source.edit(item, Object.fromEntries(given), context.actor.name);
        return item;
      }),

    "item:close": ({ repository, item, reason }, context) =>
      change("item:close", repository, context, async (source) => {
        await mustExist(source, item);
        await source.close(item, { actor: context.actor.name, reason });
        return item;
      }),

    "item:reopen": ({ repository, item, reason }, context) =>
      change("item:reopen", repository, context, async (source) => {
        const { status, assignee } = await mustExist(source, item);
        if (status === "closed") await source.reopen(item, { actor: context.actor.name, reason });
        else if (status !== "open" || assignee !== null)
          throw new ProblemError("conflict", `${item} is not closed.`, releaseIt(item));
        return item;
      }),

    "item:release": ({ repository, item }, context) =>
      change("item:release", repository, context, async (source, owner) => {
        const { status, assignee } = await mustExist(source, item);
        if (status === "closed")
          throw new ProblemError("conflict", `${item} is closed.`, `amplify item reopen ${item}`);
        const [newest] = await store.newestOf(owner, item);
        if (newest?.open && assignee === actorFor(newest.id))
          throw new ProblemError(
            "conflict",
            `${item} belongs to ${newest.id} (${newest.state.status}).`,
            `Give that up: amplify session stop ${newest.id} --discard`,
          );
        await source.release(item, context.actor.name, assignee);
        return item;
      }),

    "item:depend": ({ repository, item, on, kind, remove }, context) =>
      change("item:depend", repository, context, async (source) => {
        const dependency = { from: item, to: on, kind };
        for (const id of [item, on]) await mustExist(source, id);
        if (remove) await source.removeDependency(dependency, context.actor.name);
        else await source.addDependency(dependency, context.actor.name);
        return item;
      }),
  };
}

export const releaseIt = (item: ItemId) => `If nobody works on it: amplify item release ${item}`;

async function mustExist(source: WorkSource, id: ItemId): Promise<Item> {
  const item = await source.show(id);
  if (item) return item;
  throw new WorkSourceError("not-found", `There is no item ${id}.`);
}
