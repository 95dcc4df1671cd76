import type { ObjectId } from "#lib/domain/ids.ts";
import type { Git } from "../ports.ts";
import type { RepositoryRow, SessionStore } from "./ports.ts";

/** How many of the newest sessions are looked through for what came in. */
const newestMerges = 100;

/** Whether work of another session came in between the two commits. */
export async function hasLandedSince(
  { store, git }: { readonly store: SessionStore; readonly git: Git },
  repository: RepositoryRow,
  base: ObjectId,
  tip: ObjectId,
): Promise<boolean> {
  const ended = await store.sessions({ repository: repository.id, open: false, limit: newestMerges });
  for (const { view } of ended) {
    if (view.mergeCommit === null || !(await isIn(git, repository, view.mergeCommit, tip))) continue;
    if (!(await isIn(git, repository, view.mergeCommit, base))) return true;
  }
  return false;
}

/** Whether `tip` holds `head`. A head that was collected meanwhile is in nothing. */
export function isIn(git: Git, { root }: RepositoryRow, head: ObjectId, tip: ObjectId): Promise<boolean> {
  return git.isAncestor(root, head, tip).catch(() => false);
}
