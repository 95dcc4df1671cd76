import { actorFor } from "#lib/domain/ids.ts";
import { revertMessage } from "#lib/domain/merge.ts";
import { WorkSourceError } from "#server/ports.ts";
import { backlogFolders } from "./approval.ts";
import { baseRef, blockProblem, identityOf, keepByRef, mostAttempts } from "./build-step.ts";
import { nameSome } from "./describe-landing.ts";
import type { LandingOrder, MergingDeps, Undo } from "./ports.ts";
import type { Step } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

/** Takes the base as it stands and sees whether the landed work still comes off it. */
export function previewRevert(undo: Undo): Step {
  return async ({ journal }, deps) => {
    const { git } = deps;
    const { order } = journal;
    const { root, base } = order.repository;
    const attempt = journal.attempt + 1;
    const tip = await git.resolve(root, baseRef(order));
    if (tip === null) return ended("error", `There is no branch ${base} in this repository.`);
    if (!(await git.isAncestor(root, undo.after, tip))) {
      return ended("error", `${base} does not hold this work any more, so there is nothing to take back.`);
    }
    const blocked = await blockProblem(order, deps);
    if (blocked !== null) return blocked;
    if (attempt > mostAttempts) {
      return ended(
        "base-moved",
        `${base} moved ${mostAttempts} times meanwhile. Nothing was changed; try again.`,
      );
    }
    const undone = await undoneCommit(undo, order, deps);
    const merged = await git.preview(root, tip, undone, { keepOurs: backlogFolders });
    if (!merged.clean) {
      return ended(
        "conflict",
        `Later work builds on it: taking it back conflicts in ${nameSome(merged.conflicts)}. Nothing was changed. By hand: git revert ${await revertArguments(undo, order, deps)}`,
        { conflicts: merged.conflicts },
      );
    }
    const before = await git.treeOf(root, tip);
    if (merged.tree === before) {
      return ended("error", `What it brought is gone from ${base} already; there is nothing to take back.`);
    }
    return done({ attempt, base: tip, tree: merged.tree });
  };
}

/**
 * A revert is a merge whose common ancestor is the landed commit and whose other side is what was before
 * it: a commit of that content on top of the landed one makes git see it so.
 */
async function undoneCommit(undo: Undo, order: LandingOrder, { git }: MergingDeps) {
  const { root } = order.repository;
  return git.commitTree({
    repository: root,
    tree: await git.treeOf(root, undo.before),
    parents: [undo.after],
    message: "Undone",
    identity: { name: "Amplify", email: "amplify@localhost" },
  });
}

/** How a person does the same with plain git. */
async function revertArguments({ before, after }: Undo, order: LandingOrder, { git }: MergingDeps) {
  const parents = await git.parentsOf(order.repository.root, after);
  return parents.length > 1 ? `-m 1 ${after}` : `${before}..${after}`;
}

/** Writes the revert commit, on top of the base and with no other parent. */
export function buildRevert(undo: Undo): Step {
  return async (landing, { git }) => {
    const { order, base, tree } = landing.journal;
    const parent = known(base, "base");
    const commit = await git.commitTree({
      repository: order.repository.root,
      tree: known(tree, "tree"),
      parents: [parent],
      message: revertMessage({
        item: order.item.id,
        summary: order.summary,
        title: order.item.title,
        commit: undo.after,
        reason: undo.reason,
        trailers: order.trailers,
      }),
      identity: await identityOf(order, git),
    });
    await keepByRef(landing, commit, git);
    return done({ commit });
  };
}

/** Opens the item again, as nobody's, with the reason; one that is open already stays as it is. */
export function reopen(undo: Undo): Step {
  return async ({ journal }, deps) => {
    const { order } = journal;
    const source = deps.sourceOf(order.repository.id);
    try {
      const item = await source.show(order.item.id);
      if (item === null) {
        return done({ warnings: [...journal.warnings, `${order.item.id} is not in the backlog any more.`] });
      }
      if (item.status === "closed") {
        await source.reopen(order.item.id, { actor: actorFor(order.session), reason: undo.reason });
      }
      return done();
    } catch (error) {
      if (!(error instanceof WorkSourceError)) throw error;
      return { kind: "later", trouble: `${order.item.id} could not be opened again: ${error.message}` };
    }
  };
}
