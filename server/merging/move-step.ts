import type { ObjectId } from "#lib/domain/ids.ts";
import type { CheckoutFacts } from "#server/ports.ts";
import { baseHolds, baseRef } from "./build-step.ts";
import { nameSome } from "./describe-landing.ts";
import type { LandingJournal, LandingOrder, MergingDeps } from "./ports.ts";
import type { Step, StepResult } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

/**
 * The one moment that counts. Where a checkout has the base it is fast-forwarded together with its
 * files; else the ref is compared and swapped. Either moves it only from the tip that was built on.
 */
export function moveStep(intend: (moving: LandingJournal["moving"]) => Promise<void>): Step {
  return async ({ journal }, deps) => {
    const { git } = deps;
    const { order } = journal;
    const { root, base } = order.repository;
    const [from, to] = [known(journal.base, "base"), known(journal.commit, "commit")];
    if (await baseHolds(git, order, to)) return done();

    const left = await mendCutOff(journal, deps);
    if (left === null) return { kind: "again" };
    const checkout = await git.checkoutOf(root, base, from, to);
    const obstacle = obstacleOf(checkout, order);
    if (obstacle !== null) return ended("checkout-in-the-way", obstacle);

    await intend({ checkout: checkout.path });
    const result =
      checkout.path === null
        ? await swap(order, deps, from, to)
        : await forward(checkout.path, order, deps, from, to);
    if (left.length === 0 || result.kind !== "done") return result;
    return done({ ...result.learned, warnings: [...journal.warnings, ...left] });
  };
}

/** The last step of a landing that is cancelled. Too late where the base holds it already: then it only goes forward. */
export const takeBack: Step = async ({ journal }, deps) => {
  const { order, moving } = journal;
  if (moving !== null && (await baseHolds(deps.git, order, known(journal.commit, "commit")))) return done();
  const left = (await mendCutOff(journal, deps)) ?? [];
  const learned = { moving: null, warnings: [...journal.warnings, ...left] };
  return ended("cancelled", `Cancelled; ${order.repository.base} was not touched.`, { learned });
};

/**
 * A fast-forward that was cut off left files of the merge behind: back to where the ref still is. Resolves to
 * what is left there all the same, for people; null where the ref has moved on.
 */
async function mendCutOff(
  { order, moving, ...journal }: LandingJournal,
  { git }: MergingDeps,
): Promise<string[] | null> {
  const { root, base } = order.repository;
  if (moving !== null) await git.freeRef(root, baseRef(order));
  if ((await git.resolve(root, baseRef(order))) !== journal.base) return null;
  const cutOff = moving?.checkout ?? null;
  if (cutOff === null) return [];
  const [from, to] = [known(journal.commit, "commit"), known(journal.base, "base")];
  if ((await git.mendCheckout(cutOff, base, from, to)) !== null) return [];
  return [
    `${cutOff} has another branch by now; files of the landing that was cut off there may be left in it.`,
  ];
}

async function swap(
  order: LandingOrder,
  { git }: MergingDeps,
  from: ObjectId,
  to: ObjectId,
): Promise<StepResult> {
  const { root } = order.repository;
  const moved = await git.moveRef(root, baseRef(order), to, from, `amplify: land ${order.session}`);
  return moved || (await baseHolds(git, order, to)) ? done() : { kind: "again" };
}

async function forward(
  path: string,
  order: LandingOrder,
  deps: MergingDeps,
  from: ObjectId,
  to: ObjectId,
): Promise<StepResult> {
  const { git } = deps;
  const { root, base } = order.repository;
  const outcome = await git.fastForward(path, base, to);
  if (await baseHolds(git, order, to)) return done(outcome === "moved" ? { moving: null } : {});
  if (outcome !== "in-the-way" || (await git.resolve(root, baseRef(order))) !== from)
    return { kind: "again" };
  const obstacle = obstacleOf(await git.checkoutOf(root, base, from, to), order);
  return ended(
    "checkout-in-the-way",
    obstacle ?? `git would not bring ${path} forward. ${base} was not moved.`,
  );
}

/** What a person has to do first in the checkout that has the base; null where nothing is in the way. */
function obstacleOf(
  { path, obstacles }: CheckoutFacts,
  { repository: { base } }: LandingOrder,
): string | null {
  if (path === null || obstacles.length === 0) return null;
  const isYours = obstacles.some(({ kind }) => kind === "filtered" || kind === "submodule");
  const way = isYours
    ? "Only your own git may bring that forward: switch it to another branch and land again, or merge by hand."
    : "Commit, stash or finish that, then land again.";
  return `${path} has ${base} checked out, and ${nameSome(obstacles.map(describeObstacle))}. ${way} ${base} was not moved and no file was touched.`;
}

export function describeObstacle({ kind, detail }: CheckoutFacts["obstacles"][number]): string {
  switch (kind) {
    case "dirty-overlap":
      return `${detail} has changes that are not committed`;
    case "staged":
      return `${detail} has staged changes`;
    case "untracked-in-the-way":
      return `${detail} is there without being tracked`;
    case "operation-in-progress":
      return `an operation is in progress (${detail})`;
    case "dead-lock":
      return `a git that has ended left ${detail} behind, which no process holds: remove that file`;
    case "filtered":
      return `${detail} goes through a filter of the repository`;
    case "submodule":
      return `${detail} is a submodule that it changes`;
  }
}

/** Brings along a checkout that got the base between the look and the swap, or whose fast-forward was cut off. */
export const bringCheckout: Step = async ({ journal }, { git }) => {
  if (journal.moving === null) return done();
  const { order } = journal;
  const { root, base } = order.repository;
  const [from, to] = [known(journal.base, "base"), known(journal.commit, "commit")];
  if ((await git.resolve(root, baseRef(order))) !== to) return done();
  const path = (await git.worktrees(root)).find((each) => each.branch === base && !each.missing)?.path;
  const edited = (path === undefined ? null : await git.mendCheckout(path, base, from, to)) ?? [];
  if (edited.length === 0) return done();
  const warning = `Files that were edited meanwhile were left, without the landed change in them: ${nameSome(edited)}.`;
  return done({ warnings: [...journal.warnings, warning] });
};
