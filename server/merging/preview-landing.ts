import type { PreviewView } from "#lib/contract/wire.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { LandingGit } from "#server/ports.ts";
import { backlogFolders } from "./approval.ts";
import { describeObstacle } from "./move-step.ts";
import type { LandingRepository, PreviewOrder } from "./ports.ts";

/** What a landing would meet if it started now. Nothing changes. */
export async function previewLanding(git: LandingGit, order: PreviewOrder): Promise<PreviewView> {
  const { root, base } = order.repository;
  const { head } = order.approval;
  const tip = (await git.resolve(root, `refs/heads/${base}`)) ?? order.approval.base;
  const fork = (await git.mergeBase(root, tip, head)) ?? order.approval.base;
  const [changes, merged] = await Promise.all([
    git.changes(root, fork, head),
    git.preview(root, tip, head, { keepOurs: backlogFolders }),
  ]);
  const total = (count: (change: (typeof changes)[number]) => number | null) =>
    changes.reduce((sum, change) => sum + (count(change) ?? 0), 0);
  return {
    session: order.session,
    base: tip,
    head,
    clean: merged.clean,
    conflicts: merged.clean ? [] : [...merged.conflicts],
    obstacles: merged.clean ? await obstaclesTo(git, order.repository, tip, merged.tree) : [],
    files: changes.length,
    added: total(({ added }) => added),
    removed: total(({ removed }) => removed),
  };
}

/** Why the checkout could not be brought along from the tip to a merge that gives `tree`. */
export async function obstaclesTo(
  git: LandingGit,
  { root, base }: LandingRepository,
  tip: ObjectId,
  tree: ObjectId,
): Promise<string[]> {
  const { obstacles } = await git.checkoutOf(root, base, tip, tree);
  return obstacles.map(describeObstacle);
}
