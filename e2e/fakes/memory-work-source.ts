import { parseItemId, type ItemId } from "#lib/domain/ids.ts";
import { blockersOf, isContainer, type Dependency, type Item } from "#lib/domain/item.ts";
import { WorkSourceError, type ClaimOutcome, type ItemDraft, type WorkSource } from "#server/ports.ts";

/** A backlog in memory that several sources can share, as several programs share a tracker. */
export interface MemoryBacklog {
  readonly items: Map<ItemId, Item>;
  /** By the key that each was made under. */
  readonly made: Map<string, ItemId>;
  readonly comments: { readonly item: ItemId; readonly text: string; readonly actor: string }[];
  readonly listeners: Set<() => void>;
  /** Set to make the next calls fail as a tracker that cannot be reached. */
  broken: WorkSourceError | null;
  /** Every write that came in, such as `claim t-1 amplify/…`. */
  readonly calls: string[];
}

export function createMemoryBacklog(): MemoryBacklog {
  return { items: new Map(), made: new Map(), comments: [], listeners: new Set(), broken: null, calls: [] };
}

/** A work source on a backlog in memory; it passes the contract of all work sources. */
export function createMemoryWorkSource(backlog: MemoryBacklog = createMemoryBacklog()): WorkSource {
  const { items } = backlog;

  const call = (text: string) => {
    if (backlog.broken) return Promise.reject(backlog.broken);
    if (text !== "") backlog.calls.push(text);
    return Promise.resolve();
  };
  const get = (id: ItemId): Item => {
    const item = items.get(id);
    if (!item) throw new WorkSourceError("not-found", `There is no item ${id}.`);
    return item;
  };
  const put = (item: Item): Item => {
    const updatedAt = new Date().toISOString();
    const next = { ...item, updatedAt };
    items.set(item.id, next);
    for (const listener of backlog.listeners) listener();
    return next;
  };
  const isReady = (item: Item) =>
    item.status === "open" && !isContainer(item) && blockersOf(item, items).length === 0;

  return {
    kind: "backlog",
    health: () =>
      Promise.resolve({
        kind: "backlog",
        ok: backlog.broken === null,
        version: null,
        path: null,
        problem: backlog.broken?.message ?? null,
      }),
    async list() {
      await call("");
      return [...items.values()];
    },
    async ready(label) {
      await call("");
      const ready = [...items.values()].filter(isReady);
      return new Set(
        ready.filter(({ labels }) => label === undefined || labels.includes(label)).map(({ id }) => id),
      );
    },
    async show(id) {
      await call("");
      return items.get(id) ?? null;
    },
    async claim(id, actor): Promise<ClaimOutcome> {
      await call(`claim ${id} ${actor}`);
      const item = items.get(id);
      if (!item) return { claimed: false, why: "missing", detail: `There is no item ${id}.` };
      if (item.status === "closed") return { claimed: false, why: "closed", detail: `${id} is closed.` };
      if (item.assignee !== null && item.assignee !== actor) {
        return { claimed: false, why: "taken", detail: `${item.assignee} has it.` };
      }
      put({ ...item, status: "in_progress", assignee: actor });
      return { claimed: true };
    },
    async release(id, actor, holder = actor) {
      await call(`release ${id} ${actor}`);
      const item = get(id);
      if (item.assignee === null && item.status === "open") return;
      if (item.assignee !== holder) {
        throw new WorkSourceError(
          "already-claimed",
          `${item.assignee ?? "nobody"} has ${id}, not ${String(holder)}.`,
        );
      }
      put({ ...item, status: "open", assignee: null });
    },
    async close(id, { actor, reason, comment }) {
      await call(`close ${id} ${actor}`);
      const item = get(id);
      if (item.status === "closed") return;
      if (blockersOf(item, items).length > 0) throw new WorkSourceError("blocked", `${id} is blocked.`);
      if (comment) backlog.comments.push({ item: id, text: comment, actor });
      const closedAt = new Date().toISOString();
      put({ ...item, status: "closed", closedAt, closeReason: reason, closedBy: actor });
    },
    async reopen(id, { actor }) {
      await call(`reopen ${id} ${actor}`);
      put({
        ...get(id),
        status: "open",
        assignee: null,
        closedAt: null,
        closeReason: null,
        closedBy: null,
      });
    },
    async comment(id, text, actor) {
      await call(`comment ${id} ${actor}`);
      get(id);
      backlog.comments.push({ item: id, text, actor });
    },
    async create(draft, actor, key) {
      await call(`create ${actor}`);
      refuseUnfit(draft);
      const before = backlog.made.get(key);
      if (before) return get(before);
      if (draft.parent) get(draft.parent);
      const item = put(newItem(nextId(items, draft), draft));
      backlog.made.set(key, item.id);
      return item;
    },
    async edit(id, change, actor) {
      await call(`edit ${id} ${actor}`);
      refuseUnfit(change);
      return put({ ...get(id), ...change });
    },
    async addDependency(dependency, actor) {
      await call(`depend ${dependency.from} ${actor}`);
      const item = get(dependency.from);
      get(dependency.to);
      if (dependsOn(items, dependency.to, dependency.from)) {
        throw new WorkSourceError("invalid", `${dependency.to} waits for ${dependency.from} already.`);
      }
      if (item.dependencies.some((each) => isSame(each, dependency))) return;
      put({ ...item, dependencies: [...item.dependencies, dependency] });
    },
    async removeDependency(dependency, actor) {
      await call(`undepend ${dependency.from} ${actor}`);
      const item = get(dependency.from);
      put({ ...item, dependencies: item.dependencies.filter((each) => !isSame(each, dependency)) });
    },
    watch(changed) {
      backlog.listeners.add(changed);
      return () => backlog.listeners.delete(changed);
    },
  };
}

/** An open item that nobody has; `rest` says how it differs. */
export function memoryItem(id: string, rest: Partial<Item> = {}): Item {
  const draft = {
    title: `Work on ${id}`,
    type: "task",
    priority: 2,
    description: "",
    acceptance: "",
    labels: [],
    parent: null,
  };
  return { ...newItem(parseItemId(id), draft), ...rest };
}

function newItem(id: ItemId, draft: ItemDraft): Item {
  const at = new Date().toISOString();
  return {
    ...draft,
    id,
    status: "open",
    design: "",
    notes: "",
    assignee: null,
    dependencies: draft.parent ? [{ from: id, to: draft.parent, kind: "parent-child" }] : [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closeReason: null,
  };
}

function nextId(items: ReadonlyMap<ItemId, Item>, { parent }: ItemDraft): ItemId {
  const prefix = parent ? `${parent}.` : "t-";
  for (let n = 1; ; n += 1) {
    const id = parseItemId(`${prefix}${String(n)}`);
    if (!items.has(id)) return id;
  }
}

const types = new Set(["task", "bug", "feature", "chore", "epic"]);

function refuseUnfit({ title, type, priority, labels, description }: Partial<ItemDraft>) {
  const problem =
    (title !== undefined && (title.trim() === "" || /[\u0000-\u001f]/.test(title)) && "title") ||
    (type !== undefined && !types.has(type) && "type") ||
    (priority !== undefined && ![0, 1, 2, 3, 4].includes(priority) && "priority") ||
    (labels?.some((label) => label === "" || label.includes(",")) && "label") ||
    (description !== undefined && description.length > 100_000 && "description");
  if (problem) throw new WorkSourceError("invalid", `This ${problem} cannot be.`);
}

function dependsOn(items: ReadonlyMap<ItemId, Item>, item: ItemId, on: ItemId): boolean {
  const next =
    items.get(item)?.dependencies.filter(({ from, kind }) => from === item && kind === "blocks") ?? [];
  return next.some(({ to }) => to === on || dependsOn(items, to, on));
}

function isSame(a: Dependency, b: Dependency): boolean {
  return a.from === b.from && a.to === b.to && a.kind === b.kind;
}
