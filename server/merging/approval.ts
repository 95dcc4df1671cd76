import { reviewSchema } from "#lib/contract/files.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import { outdatedBy } from "#lib/domain/merge.ts";
import type { FileChange, Git, MergePreview } from "#server/ports.ts";
import { nameSome } from "./describe-landing.ts";
import type { ApprovedChange, LandingOrder, LandingRepository } from "./ports.ts";

/**
 * Why the parsed content of `review.json` is no approval of exactly this change; null where it is one.
 * The file is the runner's word and never enough alone: a person or a policy decides besides it.
 */
export function reviewProblem(content: unknown, approval: ApprovedChange): string | null {
  const parsed = reviewSchema.safeParse(content);
  if (!parsed.success) return "review.json is not a review";
  const { verdict, by, base, head } = parsed.data;
  if (verdict !== "approved" || by === null) return `its verdict is ${verdict}`;
  if (head !== approval.head || base !== approval.base) return "it is about another change";
  return null;
}

type Branched = Pick<LandingOrder, "repository" | "branch" | "approval">;

/** What became of the branch since its approval, as a part of a sentence; null where it is as approved. */
export async function branchProblem(
  git: Git,
  { repository, branch, approval }: Branched,
): Promise<string | null> {
  const tip = await git.resolve(repository.root, `refs/heads/${branch}`);
  if (tip === null) return `the branch ${branch} is gone`;
  return tip === approval.head ? null : `the branch ${branch} moved after it was approved`;
}

/** Why git does not show the approved change on the branch; null where it does. */
export async function approvalProblem(git: Git, order: Branched): Promise<string | null> {
  const { root } = order.repository;
  const { base, head } = order.approval;
  const problem = await branchProblem(git, order);
  if (problem !== null) return `The approval does not hold any more: ${problem}.`;
  if (!(await git.isAncestor(root, base, head))) {
    return `The approved change does not begin at the commit that it was reviewed against.`;
  }
  return null;
}

/**
 * Why the approval no longer holds on top of `tip`: the base was rewritten, conflicts, or has the same files changed.
 * `known` is how the two merge, where that was looked at already.
 */
export async function outdatedOn(
  git: Git,
  { root, base }: LandingRepository,
  approval: ApprovedChange,
  tip: ObjectId,
  known?: MergePreview,
): Promise<string | null> {
  if (tip === approval.base) return null;
  if (!(await git.isAncestor(root, approval.base, tip))) return `${base} was rewritten after the review`;
  const [landed, own, merged] = await Promise.all([
    git.changes(root, approval.base, tip),
    git.changes(root, approval.base, approval.head),
    known ?? git.preview(root, tip, approval.head, { keepOurs: backlogFolders }),
  ]);
  const conflicts = merged.clean ? [] : merged.conflicts;
  return outdatedBy(
    { ...approval, files: pathsOf(own) },
    { files: pathsOf(landed), conflicts: conflicts.length > 0 ? [nameSome(conflicts)] : [] },
  );
}

/** A tracker's own files belong to the base: what a branch has of them never lands and is no change of its own. */
export const backlogFolders: readonly string[] = [".beads"];

/** Every path that the changes touch, both names of a rename, save the tracker's own. */
export function pathsOf(changes: readonly FileChange[]): string[] {
  const paths = changes.flatMap(({ path, from }) => (from === null ? [path] : [path, from]));
  return paths.filter((path) => !backlogFolders.some((folder) => path.startsWith(`${folder}/`)));
}
