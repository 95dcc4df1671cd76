import { EventEmitter } from "node:events";
import { parseItemId, type ItemId } from "#lib/domain/ids.ts";
import { blockersOf, type Item } from "#lib/domain/item.ts";
import { WorkSourceError, type Clock, type ItemDraft, type WorkSource } from "#server/ports.ts";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { checkDraft } from "./draft.ts";
import { itemOf } from "./row.ts";

type Store = Prisma.TransactionClient;

/** The built-in backlogs of all repositories, for those without Beads. */
export interface Backlogs {
  /** `prefix` begins the ids of new items. */
  of(repository: { id: string; prefix: string }): WorkSource;
}

export function createBacklogs({
  prisma,
  clock,
  random,
}: {
  prisma: PrismaClient;
  clock: Clock;
  random: () => number;
}): Backlogs {
  const bell = new EventEmitter().setMaxListeners(0);
  const now = () => clock.now().toISOString();

  return {
    of({ id: repositoryId, prefix }) {
      /** One transaction, one ring of the bell after it. */
      async function write<Result>(change: (store: Store) => Promise<Result>): Promise<Result> {
        const result = await prisma.$transaction(change);
        bell.emit(repositoryId);
        return result;
      }

      const rowOf = (store: Store, id: ItemId) =>
        store.backlogItem.findUnique({ where: { repositoryId_id: { repositoryId, id } } });

      async function existing(store: Store, id: ItemId) {
        const row = await rowOf(store, id);
        if (!row) throw new WorkSourceError("not-found", `There is no item ${id}.`);
        return row;
      }

      const change = (store: Store, id: ItemId, data: Prisma.BacklogItemUpdateInput) =>
        store.backlogItem.update({
          where: { repositoryId_id: { repositoryId, id } },
          data: { ...data, updatedAt: now() },
        });

      async function read(store: Store, id: ItemId): Promise<Item> {
        const row = await existing(store, id);
        return itemOf(row, await store.backlogDependency.findMany({ where: { repositoryId, from: id } }));
      }

      async function readAll(store: Store = prisma): Promise<Item[]> {
        const rows = await store.backlogItem.findMany({
          where: { repositoryId },
          orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        });
        const edges = await store.backlogDependency.findMany({ where: { repositoryId } });
        const from = new Map<string, typeof edges>();
        for (const edge of edges) from.set(edge.from, [...(from.get(edge.from) ?? []), edge]);
        return rows.map((row) => itemOf(row, from.get(row.id) ?? []));
      }

      async function freeId(store: Store, parent: ItemId | null): Promise<ItemId> {
        for (let n = 1; ; n++) {
          const name = parent === null ? `${prefix}-${suffix(random)}` : `${parent}.${n}`;
          const id = parseItemId(name);
          if (!(await rowOf(store, id))) return id;
        }
      }

      async function addComment(store: Store, item: ItemId, text: string, author: string) {
        await store.backlogComment.create({ data: { repositoryId, item, text, author, createdAt: now() } });
      }

      return {
        kind: "backlog",
        health: () =>
          Promise.resolve({ kind: "backlog", ok: true, version: null, path: null, problem: null }),
        list: () => readAll(),

        async ready(label) {
          const items = await readAll();
          const all = new Map(items.map((item) => [item.id, item]));
          const ready = items
            .filter(
              ({ status, labels }) => status === "open" && (label === undefined || labels.includes(label)),
            )
            .filter((item) => blockersOf(item, all).length === 0);
          return new Set(ready.map(({ id }) => id));
        },

        async show(id) {
          return (await rowOf(prisma, id)) ? read(prisma, id) : null;
        },

        claim: (id, actor) =>
          write(async (store) => {
            const free = { repositoryId, id, status: "open", assignee: null };
            const { count } = await store.backlogItem.updateMany({
              where: free,
              data: { status: "in_progress", assignee: actor, updatedAt: now() },
            });
            if (count === 1) return { claimed: true };
            const row = await rowOf(store, id);
            if (!row) return { claimed: false, why: "missing", detail: `There is no item ${id}.` };
            if (row.assignee === actor && row.status === "in_progress") return { claimed: true };
            if (row.status === "closed") return { claimed: false, why: "closed", detail: `${id} is closed.` };
            if (row.assignee !== null)
              return { claimed: false, why: "taken", detail: `${id} is ${row.assignee}'s.` };
            return { claimed: false, why: "refused", detail: `${id} is ${row.status}.` };
          }),

        release: (id, actor, holder = actor) =>
          write(async (store) => {
            const row = await existing(store, id);
            if (row.assignee === null) return;
            if (row.assignee !== holder)
              throw new WorkSourceError("already-claimed", `${id} is ${row.assignee}'s.`);
            await change(store, id, { status: "open", assignee: null });
          }),

        close: (id, { actor, reason, comment }) =>
          write(async (store) => {
            const row = await existing(store, id);
            if (row.status === "closed") return;
            const items = await readAll(store);
            const all = new Map(items.map((item) => [item.id, item]));
            const item = all.get(id);
            const blockers = item ? blockersOf(item, all) : [];
            if (blockers.length > 0)
              throw new WorkSourceError("blocked", `${id} is blocked by ${blockers.join(", ")}.`);
            const open = items.filter(({ parent, status }) => parent === id && status !== "closed");
            if (open.length > 0) {
              throw new WorkSourceError(
                "open-children",
                `${open.map((child) => child.id).join(", ")} of ${id} are open.`,
              );
            }
            await change(store, id, { status: "closed", closedAt: now(), closeReason: reason });
            if (comment !== undefined) await addComment(store, id, comment, actor);
          }),

        reopen: (id, { actor, reason }) =>
          write(async (store) => {
            const row = await existing(store, id);
            if (row.status !== "closed") return;
            await change(store, id, { status: "open", assignee: null, closedAt: null, closeReason: null });
            await addComment(store, id, `Reopened: ${reason}`, actor);
          }),

        comment: (id, text, actor) =>
          write(async (store) => {
            await existing(store, id);
            await addComment(store, id, text, actor);
          }),

        create: (draft, actor, creationKey) =>
          write(async (store) => {
            checkDraft(draft);
            const made = await store.backlogItem.findFirst({ where: { repositoryId, creationKey } });
            if (made) return read(store, parseItemId(made.id));
            if (draft.parent !== null) await existing(store, draft.parent);
            const id = await freeId(store, draft.parent);
            const at = now();
            const data = {
              repositoryId,
              id,
              status: "open",
              createdBy: actor,
              creationKey,
              createdAt: at,
              updatedAt: at,
              design: "",
              notes: "",
            };
            await store.backlogItem.create({
              data: { ...data, ...draft, labels: JSON.stringify(draft.labels) },
            });
            return read(store, id);
          }),

        edit: (id, draft) =>
          write(async (store) => {
            checkDraft(draft);
            await existing(store, id);
            if (draft.parent) {
              await existing(store, draft.parent);
              if (draft.parent === id || (await reaches(store, draft.parent, id))) {
                throw new WorkSourceError(
                  "invalid",
                  `${draft.parent} is below ${id}, so it cannot be its parent.`,
                );
              }
            }
            if (Object.keys(draft).length > 0) await change(store, id, columnsOf(draft));
            return read(store, id);
          }),

        addDependency: ({ from, to, kind }) =>
          write(async (store) => {
            for (const id of [from, to]) await existing(store, id);
            if (from === to || (await reaches(store, to, from))) {
              throw new WorkSourceError(
                "invalid",
                `${to} depends on ${from} already; that would be a circle.`,
              );
            }
            const edge = { repositoryId, from, to, kind };
            await store.backlogDependency.upsert({
              where: { repositoryId_from_to_kind: edge },
              create: edge,
              update: {},
            });
          }),

        removeDependency: ({ from, to, kind }) =>
          write(async (store) => {
            await store.backlogDependency.deleteMany({ where: { repositoryId, from, to, kind } });
          }),

        watch(changed) {
          bell.on(repositoryId, changed);
          return () => bell.off(repositoryId, changed);
        },
      };

      /** Whether `start` depends on `goal`, directly or through others, or is below it. */
      async function reaches(store: Store, start: ItemId, goal: ItemId): Promise<boolean> {
        const all = new Map((await readAll(store)).map((item) => [item.id, item]));
        const seen = new Set<ItemId>();
        const queue = [start];
        for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
          if (at === goal) return true;
          if (seen.has(at)) continue;
          seen.add(at);
          queue.push(...(all.get(at)?.dependencies ?? []).map(({ to }) => to));
        }
        return false;
      }
    },
  };
}

/** The columns that hold a list are text. */
function columnsOf<Draft extends Partial<ItemDraft>>({ labels, ...rest }: Draft) {
  return { ...rest, ...(labels ? { labels: JSON.stringify(labels) } : {}) };
}

function suffix(random: () => number): string {
  return Array.from({ length: 4 }, () => Math.floor(random() * 36).toString(36)).join("");
}
