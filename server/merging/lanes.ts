import type { RepositoryId } from "#lib/domain/ids.ts";
import { hasLanded } from "#lib/domain/merge.ts";
import { branchProblem, outdatedOn } from "./approval.ts";
import { driveLanding } from "./drive-landing.ts";
import { createLane } from "./lane.ts";
import { landingView, newLanding } from "./landing.ts";
import type { Landing, LandingOrder, Merging, MergingDeps } from "./ports.ts";
import { createPlanner } from "./plan-landings.ts";
import { previewLanding } from "./preview-landing.ts";

/** A landing that is queued or under way in this process. */
interface Active {
  readonly result: Promise<Landing>;
  /** Ends it at once where it is still queued and has touched nothing. */
  cancel(): Promise<Landing>;
}

/** A landing that is taken up again later. */
interface Waiting {
  readonly landing: Landing;
  readonly cancel: AbortController;
  readonly forget: () => void;
}

const idPattern = /^[a-z0-9][a-z0-9-]{5,60}$/;
/** A tracker that is down is asked again soon, and then every five minutes. */
const firstRetryMs = 5_000;
const longestRetryMs = 300_000;

export function createMergeLanes(deps: MergingDeps): Merging {
  const lanes = new Map<RepositoryId, ReturnType<typeof createLane>>();
  const active = new Map<string, Active>();
  const retries = new Map<string, Waiting>();
  const pause = new AbortController();
  const plan = createPlanner(deps.git);

  function laneOf(repository: RepositoryId) {
    const lane = lanes.get(repository) ?? createLane();
    lanes.set(repository, lane);
    return lane;
  }

  /** Queues it where it is not queued yet. `failures` counts how often its step had to wait already. */
  function take(landing: Landing, failures = 0): Promise<Landing> {
    const known = active.get(landing.id);
    if (known) return known.result;
    const waiting = retries.get(landing.id);
    waiting?.forget();
    retries.delete(landing.id);
    // What a person has cancelled stays so over its retries.
    const cancel = waiting?.cancel ?? new AbortController();
    const drive = () => driveLanding(landing, deps, { cancel: cancel.signal, pause: pause.signal });
    let driven: Promise<Landing> | null = null;
    const result = laneOf(landing.journal.order.repository.id)(async () => {
      try {
        const left = await (driven ??= drive());
        if (left.status === "running" && !pause.signal.aborted) retryLater(left, failures, cancel);
        return left;
      } finally {
        active.delete(landing.id);
      }
    });
    active.set(landing.id, {
      result,
      cancel() {
        cancel.abort();
        // What may have left files in a checkout waits for its turn there.
        return landing.journal.moving === null ? (driven ??= drive()) : result;
      },
    });
    return result;
  }

  function retryLater(landing: Landing, failures: number, cancel: AbortController): void {
    const delay = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
    const forget = deps.clock.after(delay, () => {
      // A journal that cannot be written now is taken up again by the next `resume`.
      take(landing, failures + 1).catch(() => undefined);
    });
    retries.set(landing.id, { landing, cancel, forget });
  }

  async function land(order: LandingOrder) {
    if (!idPattern.test(order.id)) throw new Error(`${JSON.stringify(order.id)} is not a valid landing id.`);
    const fresh = newLanding(order, deps.clock.now());
    const landing = (await deps.store.open(fresh)) ? fresh : await deps.store.find(order.id);
    if (landing === null) throw new Error(`The landing ${order.id} can neither be opened nor found.`);
    return landingView(landing.status === "running" ? await take(landing) : landing);
  }

  return {
    land,

    async cancel(id) {
      const waiting = retries.get(id);
      if (waiting && !hasLanded(waiting.landing.step)) void take(waiting.landing).catch(() => undefined);
      const running = active.get(id);
      if (!running) return false;
      return (await running.cancel()).status === "cancelled";
    },

    preview: (order) => previewLanding(deps.git, order),
    plan,

    async outdated({ repository, branch, approval }) {
      const problem = await branchProblem(deps.git, { repository, branch, approval });
      if (problem !== null) return { why: problem, by: "branch" };
      const tip = await deps.git.resolve(repository.root, `refs/heads/${repository.base}`);
      if (tip === null) return { why: `${repository.base} is gone`, by: "base" };
      if (await deps.git.isAncestor(repository.root, approval.head, tip)) return null;
      const why = await outdatedOn(deps.git, repository, approval, tip);
      return why === null ? null : { why, by: "base" };
    },

    async spanOf({ repository: { root, base }, approval, commit }) {
      const tip = await deps.git.resolve(root, `refs/heads/${base}`);
      const after = tip && (commit ?? (await deps.git.mergedBy(root, approval.head, tip)));
      if (!tip || !after || !(await deps.git.isAncestor(root, after, tip))) return null;
      const parents = await deps.git.parentsOf(root, after);
      // What came in without a merge commit began where it was reviewed against.
      const before = parents.length > 1 ? parents[0] : approval.base;
      return before === undefined ? null : { before, after };
    },

    async adopt(order) {
      const { root, base } = order.repository;
      const tip = await deps.git.resolve(root, `refs/heads/${base}`);
      if (tip === null || !(await deps.git.isAncestor(root, order.approval.head, tip))) return null;
      return land(order);
    },

    async resume() {
      const unfinished = await deps.store.unfinished();
      await Promise.all(unfinished.map((landing) => take(landing)));
    },

    async stop() {
      pause.abort();
      for (const { forget } of retries.values()) forget();
      retries.clear();
      await Promise.allSettled([...active.values()].map(({ result }) => result));
    },
  };
}
