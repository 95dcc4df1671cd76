import { access, cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { Git, Identity } from "../ports.ts";
import { worktreeMark } from "#lib/contract/files.ts";
import type { RepositoryRow, SessionRow } from "./ports.ts";

/** In the session's directory; what is in it is never pruned. */
export const keptFolder = "kept";

const keeper: Identity = { name: "Amplify", email: "amplify@localhost" };

/**
 * Keeps a session's branch, and what is uncommitted in its worktree, under
 * `refs/amplify/archive/<session>/<oid>`. Harmless to repeat. Resolves to the refs.
 */
export async function keepWork(
  git: Git,
  repository: RepositoryRow,
  row: SessionRow,
  why: string,
): Promise<string[]> {
  const { root } = repository;
  if (!(await hasBegun(row))) return [];
  const tip = await git.resolve(root, `refs/heads/${row.view.branch}`);
  const worktree = await worktreeOf(git, repository, row);
  const commits = new Set<ObjectId>(tip ? [tip] : []);
  if (worktree && !worktree.missing) {
    commits.add(worktree.head);
    const snapshot = await git.snapshot(worktree.path, `Uncommitted work of ${row.id}`, keeper);
    if (snapshot) commits.add(snapshot.commit);
  }
  const refs: string[] = [];
  for (const commit of commits) refs.push(await git.archive(root, row.id, commit, why));
  return refs;
}

/** Removes worktree and branch of a session whose work is kept; what moved since then is kept first. */
export async function removeWork(git: Git, repository: RepositoryRow, row: SessionRow): Promise<string[]> {
  if (!(await hasBegun(row))) return [];
  const refs = await keepWork(git, repository, row, "given up");
  const worktree = await worktreeOf(git, repository, row);
  if (worktree) {
    if (!worktree.missing) await keepInner(git, row, worktree.path);
    await git.removeWorktree(repository.root, worktree.path, { force: true });
  }
  const branch = `refs/heads/${row.view.branch}`;
  const tip = await git.resolve(repository.root, branch);
  if (tip && refs.some((ref) => ref.endsWith(`/${tip}`))) {
    await git.moveRef(repository.root, branch, null, tip, `${row.id} is archived`);
  }
  return refs;
}

/** Repositories inside the worktree, which no commit of ours can hold: they go to `kept/` of the session's directory. */
async function keepInner(git: Git, { id, view }: SessionRow, worktree: string): Promise<void> {
  const snapshot = await git.snapshot(worktree, `Uncommitted work of ${id}`, keeper);
  for (const path of snapshot?.omitted ?? []) {
    const target = join(view.directory, keptFolder, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(join(worktree, path), target).catch(async (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EXDEV") throw error;
      await cp(join(worktree, path), target, { recursive: true, verbatimSymlinks: true });
      await rm(join(worktree, path), { recursive: true, force: true });
    });
  }
}

/** Before its runner meant to make them, worktree and branch of these names are somebody else's. */
async function hasBegun({ view }: SessionRow): Promise<boolean> {
  if (view.startedAt !== null) return true;
  return access(join(view.directory, worktreeMark)).then(
    () => true,
    () => false,
  );
}

/** The session's own worktree: its path alone proves nothing, somebody may have put another there. */
async function worktreeOf(git: Git, repository: RepositoryRow, row: SessionRow) {
  const all = await git.worktrees(repository.root);
  return all.find(
    ({ path, branch }) => path === row.view.worktree && (branch === row.view.branch || branch === null),
  );
}
