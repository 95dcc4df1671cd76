import type { ItemId } from "./ids.ts";

/** Beads' stored statuses; trackers may add their own, so it stays an open string. */
export type ItemStatus = "open" | "in_progress" | "blocked" | "deferred" | "closed" | (string & {});

/** `from` depends on `to`. Only `blocks` and `parent-child` hold work back; other kinds are shown. */
export interface Dependency {
  readonly from: ItemId;
  readonly to: ItemId;
  readonly kind: string;
}

/** One piece of work of a backlog, normalised from whatever tracker holds it. */
export interface Item {
  readonly id: ItemId;
  readonly title: string;
  readonly status: ItemStatus;
  /** 0 is the most urgent, 4 the least. */
  readonly priority: number;
  /** `task`, `bug`, `feature`, `epic`, … */
  readonly type: string;
  readonly description: string;
  readonly design: string;
  readonly acceptance: string;
  readonly notes: string;
  readonly assignee: string | null;
  readonly labels: readonly string[];
  readonly parent: ItemId | null;
  readonly dependencies: readonly Dependency[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly closeReason: string | null;
  /** Who closed it, where the tracker says so: an actor, or an agent's own conversation. */
  readonly closedBy?: string | null;
}

/** Why an item cannot be started now. */
export type Unready =
  | { readonly kind: "closed" }
  | { readonly kind: "epic" }
  | { readonly kind: "assigned"; readonly to: string }
  | { readonly kind: "in-progress" }
  | { readonly kind: "blocked"; readonly by: readonly ItemId[] }
  | { readonly kind: "not-ready"; readonly status: string };

const containers = new Set(["epic", "milestone"]);

/** Epics and milestones hold items; they are never worked on themselves. */
export function isContainer(item: Item): boolean {
  return containers.has(item.type);
}

/** The open items that hold `item` back, through itself or through a blocked ancestor. */
export function blockersOf(item: Item, all: ReadonlyMap<ItemId, Item>): ItemId[] {
  const blockers = new Set<ItemId>();
  const seen = new Set<ItemId>();
  for (
    let at: Item | undefined = item;
    at && !seen.has(at.id);
    at = at.parent ? all.get(at.parent) : undefined
  ) {
    seen.add(at.id);
    for (const dependency of at.dependencies) {
      if (dependency.from !== at.id || dependency.kind !== "blocks") continue;
      const blocker = all.get(dependency.to);
      if (blocker && blocker.status !== "closed") blockers.add(blocker.id);
    }
  }
  return [...blockers];
}

/** Null when a session may start on the item: ready, nobody's, no container. */
export function unready(
  item: Item,
  ready: ReadonlySet<ItemId>,
  all: ReadonlyMap<ItemId, Item>,
): Unready | null {
  if (item.status === "closed") return { kind: "closed" };
  if (isContainer(item)) return { kind: "epic" };
  if (item.assignee) return { kind: "assigned", to: item.assignee };
  if (item.status === "in_progress") return { kind: "in-progress" };
  const by = blockersOf(item, all);
  if (by.length > 0) return { kind: "blocked", by };
  if (!ready.has(item.id)) return { kind: "not-ready", status: item.status };
  return null;
}

export function describeUnready(why: Unready): string {
  switch (why.kind) {
    case "closed":
      return "closed";
    case "epic":
      return "epic";
    case "assigned":
      return `assigned to ${why.to}`;
    case "in-progress":
      return "in progress";
    case "blocked":
      return `blocked by ${why.by.join(", ")}`;
    case "not-ready":
      return `not ready (${why.status})`;
  }
}

/** How many open items become reachable once `item` is done: the weight of a decision about it. */
export function downstreamOf(item: ItemId, all: Iterable<Item>): number {
  return reachable(item, dependentsIn(all));
}

/** {@link downstreamOf} for every open item at once; items without any are left out. */
export function downstreamCounts(all: readonly Item[]): Map<ItemId, number> {
  const dependents = dependentsIn(all);
  return new Map([...dependents.keys()].map((item) => [item, reachable(item, dependents)]));
}

function dependentsIn(all: Iterable<Item>): Map<ItemId, ItemId[]> {
  const dependents = new Map<ItemId, ItemId[]>();
  for (const each of all) {
    if (each.status === "closed") continue;
    for (const { to, kind, from } of each.dependencies) {
      if (kind !== "blocks" || from !== each.id) continue;
      const known = dependents.get(to);
      if (known) known.push(each.id);
      else dependents.set(to, [each.id]);
    }
  }
  return dependents;
}

function reachable(item: ItemId, dependents: ReadonlyMap<ItemId, readonly ItemId[]>): number {
  const reached = new Set<ItemId>();
  const queue = [item];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const next of dependents.get(at) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached.size;
}
