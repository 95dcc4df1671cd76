import { mergeMessage } from "#lib/domain/merge.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { Git, Identity } from "#server/ports.ts";
import { approvalProblem, backlogFolders, outdatedOn } from "./approval.ts";
import { nameSome } from "./describe-landing.ts";
import { landingRef } from "./landing.ts";
import type { Landing, LandingOrder, MergingDeps } from "./ports.ts";
import type { Step, StepResult } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

/** A base that moves more often than this while one landing is under way needs a person. */
export const mostAttempts = 5;

/** Takes the base as it stands and sees whether the approved change, and only that, still merges with it. */
export const preview: Step = async ({ journal }, deps) => {
  const { git } = deps;
  const { order } = journal;
  const { root, base } = order.repository;
  const { head } = order.approval;
  const attempt = journal.attempt + 1;
  const tip = await git.resolve(root, baseRef(order));
  if (tip === null) return ended("error", `There is no branch ${base} in this repository.`);
  if (await git.isAncestor(root, head, tip)) {
    const commit = (await git.mergedBy(root, head, tip)) ?? tip;
    return done({ attempt, base: tip, commit, byHand: true }, "checked-out");
  }
  const blocked = await blockProblem(order, deps);
  if (blocked !== null) return blocked;
  const problem = await approvalProblem(git, order);
  if (problem !== null) return ended("error", `${problem} ${base} was not touched.`);
  if (attempt > mostAttempts) {
    return ended(
      "base-moved",
      `${base} moved ${mostAttempts} times while this was landing. Nothing was changed; land it again.`,
    );
  }
  const merged = await git.preview(root, tip, head, { keepOurs: backlogFolders });
  if (!merged.clean) {
    return ended(
      "conflict",
      `It conflicts with ${base} in ${nameSome(merged.conflicts)}. Nothing was changed; send it back or dispatch it again.`,
      { conflicts: merged.conflicts },
    );
  }
  const why = await outdatedOn(git, order.repository, order.approval, tip, merged);
  if (why !== null) {
    return ended(
      "base-moved",
      `The approval is out of date: ${why}. Nothing was changed; it is looked at again.`,
    );
  }
  return done({ attempt, base: tip, tree: merged.tree });
};

/** Writes the merge commit, with two parents even where a fast-forward would do, and keeps it by a ref of ours. */
export const build: Step = async (landing, { git }) => {
  const { order, base: tip, tree } = landing.journal;
  const { root } = order.repository;
  const base = known(tip, "base");
  const commit = await git.commitTree({
    repository: root,
    tree: known(tree, "tree"),
    parents: [base, order.approval.head],
    message: mergeMessage({
      item: order.item.id,
      summary: order.summary,
      title: order.item.title,
      trailers: order.trailers,
    }),
    identity: await identityOf(order, git),
  });
  const parents = await git.parentsOf(root, commit);
  if (parents.join() !== [base, order.approval.head].join()) {
    throw new Error(`The merge commit ${commit} does not hold ${base} and ${order.approval.head}.`);
  }
  await keepByRef(landing, commit, git);
  return done({ commit });
};

/** Keeps a built commit by a ref of ours, so that no collection of garbage takes it. */
export async function keepByRef(
  { id, journal: { order } }: Landing,
  commit: ObjectId,
  git: Pick<Git, "resolve" | "moveRef">,
): Promise<void> {
  const { root } = order.repository;
  const ref = landingRef(id);
  const before = await git.resolve(root, ref);
  const kept = await git.moveRef(root, ref, commit, before, `amplify: built for ${order.session}`);
  if (!kept) throw new Error(`Somebody else writes to ${ref}.`);
}

/** Nothing is built on a base that somebody moved behind our back, until a person has looked at it. */
export async function blockProblem(
  { repository: { id, base } }: LandingOrder,
  deps: MergingDeps,
): Promise<StepResult | null> {
  const why = await deps.blockOf(id);
  if (why === null) return null;
  return ended(
    "blocked",
    `${why} Nothing was landed. Look at ${base}, then \`amplify repo acknowledge\` and land it again.`,
  );
}

/** The person's own; where git was told none it would refuse, so Amplify signs, and the trailers say who decided. */
export async function identityOf(order: LandingOrder, git: Pick<Git, "identity">): Promise<Identity> {
  const identity = await git.identity(order.repository.root);
  return identity ?? { name: "Amplify", email: "amplify@localhost" };
}

export function baseRef(order: LandingOrder): string {
  return `refs/heads/${order.repository.base}`;
}

/** True where the base holds `commit`, as its tip or under later work. */
export async function baseHolds(
  git: Pick<Git, "resolve" | "isAncestor">,
  order: LandingOrder,
  commit: ObjectId,
): Promise<boolean> {
  const { root } = order.repository;
  const tip = await git.resolve(root, baseRef(order));
  return tip !== null && (await git.isAncestor(root, commit, tip));
}
