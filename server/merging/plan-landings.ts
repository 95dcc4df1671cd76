import type { ObjectId, SessionId } from "#lib/domain/ids.ts";
import { proposeOrder } from "#lib/domain/propose-order.ts";
import type { Conflict, FileChange, LandingGit } from "#server/ports.ts";
import { backlogFolders, branchProblem, outdatedOn, pathsOf } from "./approval.ts";
import { obstaclesTo } from "./preview-landing.ts";
import type { LandingRepository, Plan, PlanEntry, PlanOrder } from "./ports.ts";
import { rememberResults } from "./remember-results.ts";

/** Sessions that are compared with each other; a queue that is longer is shown, but not compared. */
const mostCompared = 40;
/** Comparisons that run at once: previews must not starve what sessions do. */
const atOnce = 4;

type Wanted = PlanOrder["sessions"][number];
type Overlap = Plan["overlaps"][number];

/**
 * Foresees every landing and every pair of them. All of it follows from object ids, so that what was
 * computed once is remembered, and a plan after one landing only looks at what that landing changed.
 */
export function createPlanner(git: LandingGit): (order: PlanOrder) => Promise<Plan> {
  const facts = rememberResults<ChangeFacts>(500);
  const fates = rememberResults<Fate>(1000);
  const pairs = rememberResults<Conflict[]>(4000);

  /** What a change is, wherever it lands. */
  function factsOf(root: string, from: ObjectId, head: ObjectId): Promise<ChangeFacts> {
    return facts(`${root} ${from} ${head}`, async () => {
      const [changes, special] = await Promise.all([
        git.changes(root, from, head),
        git.specialChanges(root, from, head),
      ]);
      return { changes, ...special };
    });
  }

  /** What becomes of it on this tip. */
  function fateOf(repository: LandingRepository, approval: Wanted["approval"], tip: ObjectId): Promise<Fate> {
    const { root } = repository;
    return fates(`${root} ${approval.base} ${approval.head} ${tip}`, async () => {
      const merged = await git.preview(root, tip, approval.head, { keepOurs: backlogFolders });
      return {
        tree: merged.clean ? merged.tree : null,
        conflicts: merged.clean
          ? []
          : await git.explainConflict(root, tip, approval.head, { keepOurs: backlogFolders }),
        outdated: await outdatedOn(git, repository, approval, tip, merged),
        from: (await git.mergeBase(root, tip, approval.head)) ?? approval.base,
      };
    });
  }

  async function entryOf(
    repository: LandingRepository,
    { session, approval, branch }: Wanted,
    tip: ObjectId,
  ): Promise<PlanEntry> {
    const { root } = repository;
    const fate = await fateOf(repository, approval, tip);
    const { changes, submodules, lfs } = await factsOf(root, fate.from, approval.head);
    const total = (count: (change: FileChange) => number | null) =>
      changes.reduce((sum, change) => sum + (count(change) ?? 0), 0);
    return {
      session,
      head: approval.head,
      clean: fate.tree !== null,
      conflicts: fate.conflicts.map((conflict) => ({ ...conflict, hunks: [...conflict.hunks] })),
      outdated: (await branchProblem(git, { repository, branch, approval })) ?? fate.outdated,
      // The checkout changes without any ref: this alone is looked at each time.
      obstacles: fate.tree === null ? [] : await obstaclesTo(git, repository, tip, fate.tree),
      files: changes.length,
      added: total(({ added }) => added),
      removed: total(({ removed }) => removed),
      tree: fate.tree,
      paths: pathsOf(changes),
      submodules,
      lfs,
    };
  }

  /** How the two go together; null where neither touches what the other does. */
  async function overlapOf(root: string, a: PlanEntry, b: PlanEntry): Promise<Overlap | null> {
    const files = sharedPaths(a.paths, b.paths);
    if (files.length === 0) return null;
    const [first, second] = a.head < b.head ? [a.head, b.head] : [b.head, a.head];
    const conflicts = await pairs(`${root} ${first} ${second}`, () =>
      git.explainConflict(root, first, second, { keepOurs: backlogFolders }),
    );
    return {
      a: a.session,
      b: b.session,
      kind: conflicts.length > 0 ? "conflict" : "shared",
      files,
      conflicts: conflicts.map((conflict) => ({ ...conflict, hunks: [...conflict.hunks] })),
    };
  }

  return async ({ repository, sessions }) => {
    const { root, base } = repository;
    const tip = await git.resolve(root, `refs/heads/${base}`);
    if (tip === null) throw new Error(`There is no branch ${base} in this repository.`);
    const entries = await inTurns(sessions, (wanted) => entryOf(repository, wanted, tip));
    const compared = entries.slice(0, mostCompared);
    const couples = compared.flatMap((a, at) => compared.slice(at + 1).map((b) => [a, b] as const));
    const overlaps = (await inTurns(couples, ([a, b]) => overlapOf(root, a, b))).filter(
      (each) => each !== null,
    );

    const waiting = new Set(sessions.filter(({ isOutdated }) => isOutdated).map(({ session }) => session));
    const isReady = ({ session, clean, outdated }: PlanEntry) =>
      clean && outdated === null && !waiting.has(session);
    const proposed = proposeOrder(
      compared.map((entry) => ({ id: entry.session, fits: isReady(entry) })),
      overlaps,
    );
    const whyNot = (id: SessionId, because: SessionId | null) => {
      if (because !== null) return `It conflicts with ${because}, which lands first.`;
      const entry = entries.find(({ session }) => session === id);
      if (entry && !entry.clean) return `It conflicts with ${base}.`;
      return entry?.outdated ? `${entry.outdated}; it is checked again first.` : "It is checked again first.";
    };
    const beyond = entries.slice(mostCompared);
    return {
      base: { name: base, tip },
      entries,
      overlaps,
      order: [
        ...proposed.order.map(({ id, how }) => ({ session: id, how })),
        ...beyond.filter(isReady).map(({ session }) => ({ session, how: "after-check" as const })),
      ],
      leftOut: [
        ...proposed.leftOut.map(({ id, because }) => ({ session: id, because, why: whyNot(id, because) })),
        ...beyond
          .filter((entry) => !isReady(entry))
          .map(({ session }) => ({ session, because: null, why: whyNot(session, null) })),
      ],
      cut:
        beyond.length > 0
          ? `Only the first ${mostCompared} of ${entries.length} are compared with each other.`
          : null,
    };
  };
}

interface ChangeFacts {
  readonly changes: readonly FileChange[];
  readonly submodules: readonly string[];
  readonly lfs: readonly string[];
}

interface Fate {
  readonly tree: ObjectId | null;
  readonly conflicts: readonly Conflict[];
  readonly outdated: string | null;
  /** Where it branched off the tip. */
  readonly from: ObjectId;
}

/** Paths of both, and those of one under which the other has put files. */
function sharedPaths(a: readonly string[], b: readonly string[]): string[] {
  const foldersOf = (paths: readonly string[]) =>
    new Set(
      paths.flatMap((path) => path.split("/").map((_, depth, parts) => parts.slice(0, depth).join("/"))),
    );
  const [ofA, ofB] = [new Set(a), new Set(b)];
  const [inA, inB] = [foldersOf(a), foldersOf(b)];
  const shared = [
    ...a.filter((path) => ofB.has(path) || inB.has(path)),
    ...b.filter((path) => inA.has(path) && !ofA.has(path)),
  ];
  return [...new Set(shared)].sort();
}

/** A few at once, in order. */
async function inTurns<From, To>(all: readonly From[], map: (each: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < all.length; at = next++) results[at] = await map(all[at] as From);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, work));
  return results;
}
