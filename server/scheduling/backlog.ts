import type { ItemView } from "#lib/contract/wire.ts";
import type { ItemId, RepositoryId } from "#lib/domain/ids.ts";
import type { Item } from "#lib/domain/item.ts";
import { downstreamCounts } from "#lib/domain/item.ts";
import { ProblemError } from "../application.ts";
import type { Clock, WorkSource } from "../ports.ts";
import { WorkSourceError } from "../ports.ts";
import { type BacklogState, emptyBacklog } from "./backlog-state.ts";
import { itemView } from "./item-view.ts";

export interface BacklogDifference {
  readonly before: BacklogState | null;
  readonly now: BacklogState;
  readonly changed: readonly ItemView[];
  readonly removed: readonly ItemId[];
}

/** One repository's backlog, kept in memory: no request waits for the tracker, except while it is cold. */
export interface Backlog {
  readonly source: WorkSource;
  /** Null until it was read once. */
  current(): BacklogState | null;
  /** What is known, or a first read. Throws a `ProblemError` (unavailable) where that fails, or takes more than ten seconds. */
  get(): Promise<BacklogState>;
  /** Read anew, for somebody who waits: for ten seconds at most, then what is known has to do. */
  fresh(): Promise<BacklogState>;
  /** Reads it anew; calls join, and one that comes during a read gets a later one. */
  refresh(): Promise<void>;
  view(item: Item): ItemView;
  /** Why the last read failed, for people; null when it did not. */
  problem(): string | null;
  stop(): void;
}

/** A burst of doorbells is one read. */
const settleMs = 150;
const retryMs = 15_000;
/** So long a person waits for the tracker. Its own call may take longer, and is ended by its adapter. */
const patienceMs = 10_000;
const isSlow = `The tracker has not answered for ${String(patienceMs / 1000)} s.`;

export function createBacklog(deps: {
  repository: RepositoryId;
  source: WorkSource;
  clock: Clock;
  /** The session that holds an item's place, if any. */
  sessionOf(item: ItemId): string | null;
  onDifference(difference: BacklogDifference): void;
  onProblem(problem: string | null): void;
}): Backlog {
  const { source, clock } = deps;
  let state: BacklogState | null = null;
  let shown = new Map<ItemId, string>();
  let problem: string | null = null;
  let reading: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let stopped = false;
  let cancelTimer = () => {};

  const view = (item: Item) =>
    itemView(deps.repository, item, state ?? emptyBacklog, deps.sessionOf(item.id));

  function schedule(ms: number) {
    cancelTimer();
    if (stopped) return;
    cancelTimer = clock.after(ms, () => void refresh().catch(() => undefined));
  }

  const unwatch = source.watch(() => schedule(settleMs));

  async function read() {
    // Told while it hangs, and not only when its time is up.
    const cancel = clock.after(patienceMs, () => setProblem(isSlow));
    try {
      const items = await source.list();
      const ready = await source.ready();
      take({
        items: new Map(items.map((item) => [item.id, item])),
        ready,
        downstream: downstreamCounts(items),
      });
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof WorkSourceError ? error.message : String(error));
      schedule(retryMs);
      throw error;
    } finally {
      cancel();
    }
  }

  /** The read as somebody waits for it: it goes on, but they do not. */
  function refreshSoon(): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(patienceMs, () => reject(new Error(`${isSlow} Nothing was done.`)));
      void refresh().then(resolve, reject).finally(cancel);
    });
  }

  async function get(): Promise<BacklogState> {
    if (!state) {
      await refreshSoon().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new ProblemError(
          "unavailable",
          `The backlog cannot be read: ${why}`,
          "`amplify doctor` says more.",
        );
      });
    }
    return state ?? emptyBacklog;
  }

  function setProblem(found: string | null) {
    if (found === problem) return;
    problem = found;
    deps.onProblem(found);
  }

  function take(now: BacklogState) {
    if (stopped) return;
    const before = state;
    state = now;
    const changed: ItemView[] = [];
    const texts = new Map<ItemId, string>();
    for (const item of now.items.values()) {
      const each = view(item);
      const text = JSON.stringify(each);
      texts.set(item.id, text);
      if (shown.get(item.id) !== text) changed.push(each);
    }
    const removed = [...shown.keys()].filter((id) => !texts.has(id));
    shown = texts;
    if (before === null || changed.length > 0 || removed.length > 0) {
      deps.onDifference({ before, now, changed, removed });
    }
  }

  function refresh(): Promise<void> {
    if (!reading) {
      reading = read().finally(() => (reading = null));
      return reading;
    }
    next ??= reading
      .catch(() => undefined)
      .then(() => {
        next = null;
        return refresh();
      });
    return next;
  }

  return {
    source,
    current: () => state,
    get,
    async fresh() {
      // What went wrong is the repository's problem already; `get` refuses where nothing was ever read.
      if (state) await refreshSoon().catch(() => undefined);
      return get();
    },
    refresh,
    view,
    problem: () => problem,
    stop() {
      stopped = true;
      cancelTimer();
      unwatch();
    },
  };
}
