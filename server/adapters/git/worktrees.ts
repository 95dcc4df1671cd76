import { existsSync } from "node:fs";
import { constants, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseBranchName, type BranchName, type ObjectId } from "#lib/domain/ids.ts";
import { GitError, WorktreeBusyError, type Git, type WorktreeFacts } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { isAncestor } from "./ancestry.ts";
import { pastHalfMade } from "./half-made.ts";
import { sharedFolder } from "./layout.ts";
import { checkObjectIds } from "./names.ts";
import { locate } from "./object-store.ts";
import { refOperations, resolveRef } from "./refs.ts";
import { isBacklog, readStatus } from "./status.ts";
import { listWorktrees, type ListedWorktree } from "./worktree-list.ts";

type Operations = Pick<
  Git,
  "worktrees" | "addWorktree" | "addScratchWorktree" | "claimWorktree" | "removeWorktree" | "excludeWorktrees"
>;

interface Order {
  readonly repository: string;
  readonly path: string;
  readonly branch: BranchName;
  readonly base: ObjectId;
}

/** Git's own mark on a worktree whose creation has not come to its end. */
const unfinished = "initializing";

export function worktreeOperations(context: GitContext): Operations {
  const { run, onFiles } = context;
  const { moveRef } = refOperations(context);

  async function findWorktree(repository: string, path: string): Promise<ListedWorktree | undefined> {
    return (await listWorktrees(run, repository)).find((listed) => listed.path === path);
  }

  /** Takes the registration and whatever is left of the folder away; a link in its place is removed as a link. */
  async function dropWorktree(repository: string, path: string): Promise<void> {
    try {
      await run({ folder: repository, args: ["worktree", "remove", "--force", "--force", path] });
    } catch (error) {
      // Git refuses a folder that no longer looks like its worktree, and drops one that is gone.
      if (!(error instanceof GitError)) throw error;
      await rm(path, { recursive: true, force: true });
      if (await findWorktree(repository, path)) {
        await run({ folder: repository, args: ["worktree", "remove", "--force", "--force", path] });
      }
    }
    await rm(path, { recursive: true, force: true });
  }

  /** Removes what an attempt that was cut off has left behind, and nothing that holds work. */
  async function clearRemains({ repository, path, branch, base }: Order): Promise<void> {
    const listed = await listWorktrees(run, repository);
    const atPath = listed.find((worktree) => worktree.path === path);
    const cutOff = atPath !== undefined && (atPath.missing || atPath.lockReason === unfinished);
    if (atPath?.missing && atPath.lockReason !== null && atPath.lockReason !== unfinished) {
      throw new WorktreeBusyError(path, branch, "locked", `${path} is registered and locked.`);
    }
    if (cutOff) await dropWorktree(repository, path);
    if (!cutOff && (await isOccupied(path))) {
      throw new WorktreeBusyError(path, branch, "path-taken", `${path} exists already.`);
    }

    const tip = await resolveRef(run, repository, `refs/heads/${branch}`);
    if (tip === null) return;
    const holder = listed.find((worktree) => worktree.branch === branch && !(cutOff && worktree === atPath));
    const taken = (detail: string) => new WorktreeBusyError(path, branch, "branch-taken", detail);
    if (holder) throw taken(`The branch ${branch} is checked out in ${holder.path}.`);
    if (!(await isAncestor(context, repository, tip, base)))
      throw taken(`The branch ${branch} holds commits.`);
    if (!(await moveRef(repository, `refs/heads/${branch}`, null, tip, "remains of a worktree"))) {
      throw taken(`The branch ${branch} has just moved.`);
    }
  }

  /** What a failed attempt of ours has made is taken back, so that the next one starts clean. */
  async function undo({ repository, path, branch, base }: Order): Promise<void> {
    const listed = await findWorktree(repository, path);
    if (listed && listed.branch !== branch && listed.lockReason !== unfinished) return;
    if (listed) await dropWorktree(repository, path);
    await moveRef(repository, `refs/heads/${branch}`, null, base, "remains of a worktree");
  }

  return {
    async worktrees(repository): Promise<WorktreeFacts[]> {
      const listed = await listWorktrees(run, repository);
      return listed.flatMap(({ path, branch, head, lockReason, missing }) =>
        head === null ? [] : [{ path, branch, head, locked: lockReason !== null, missing }],
      );
    },

    async addWorktree(order) {
      const { repository, path, branch, base } = order;
      parseBranchName(branch);
      checkObjectIds(base);
      const add = () =>
        // Without --no-track parallel calls fight for the lock of the configuration file and half of them fail.
        onFiles({
          folder: repository,
          args: ["worktree", "add", "--no-track", "-b", branch, "--", path, base],
        });
      // The common case costs one command; only a refusal is looked into.
      if (!(await isOccupied(path))) {
        try {
          await add();
          return;
        } catch (error) {
          if (!(error instanceof GitError)) throw error;
        }
      }
      await clearRemains(order);
      try {
        await pastHalfMade(add, () => clearRemains(order));
      } catch (error) {
        await undo(order);
        throw error;
      }
    },

    async addScratchWorktree({ repository, path, commit }) {
      checkObjectIds(commit);
      if ((await findWorktree(repository, path))?.missing) await dropWorktree(repository, path);
      if (await isOccupied(path))
        throw new WorktreeBusyError(path, null, "path-taken", `${path} exists already.`);
      try {
        await pastHalfMade(() =>
          onFiles({ folder: repository, args: ["worktree", "add", "--detach", "--", path, commit] }),
        );
      } catch (error) {
        if (await findWorktree(repository, path)) await dropWorktree(repository, path);
        throw error;
      }
    },

    async claimWorktree({ repository, from, path, branch, base }) {
      parseBranchName(branch);
      checkObjectIds(base);
      await clearRemains({ repository, path, branch, base });
      await run({ folder: repository, args: ["worktree", "move", "--", from, path] });
      try {
        await onFiles({
          folder: path,
          args: ["switch", "--no-track", "--no-guess", "-c", branch, base],
        });
      } catch (error) {
        await run({ folder: repository, args: ["worktree", "move", "--", path, from] });
        await moveRef(repository, `refs/heads/${branch}`, null, base, "remains of a worktree");
        throw error;
      }
    },

    async removeWorktree(repository, path, options = {}) {
      const listed = await findWorktree(repository, path);
      if (listed === undefined) {
        if (!existsSync(path)) return;
        throw new GitError(`${path} is no worktree of ${repository}`, {
          command: "git worktree remove",
          exitCode: null,
          output: "",
        });
      }
      if (listed.main)
        throw new WorktreeBusyError(path, listed.branch, "path-taken", `${path} is the main checkout.`);
      if (listed.lockReason !== null && options.force !== true) {
        throw new WorktreeBusyError(path, listed.branch, "locked", `${path} is locked: ${listed.lockReason}`);
      }
      if (options.force !== true && !listed.missing) {
        const { entries } = await readStatus(onFiles, path);
        const changed = entries.map((entry) => entry.path).filter((name) => !isBacklog(name));
        if (changed.length > 0) {
          const detail = `${path} has uncommitted changes: ${changed.slice(0, 10).join(", ")}`;
          throw new WorktreeBusyError(path, listed.branch, "uncommitted-changes", detail);
        }
      }
      await dropWorktree(repository, path);
    },

    async excludeWorktrees(repository) {
      const commonDir = sharedFolder(repository) ?? (await locate(run, repository)).commonDir;
      await mkdir(join(commonDir, "info"), { recursive: true });
      const path = join(commonDir, "info", "exclude");
      const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
      // A link planted here would have us write into any file of the person's.
      const file = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o644);
      try {
        const text = await file.readFile("utf8");
        if (text.split("\n").includes(".worktrees/")) return;
        await file.write(`${text === "" || text.endsWith("\n") ? "" : "\n"}.worktrees/\n`);
      } finally {
        await file.close();
      }
    },
  };
}

/** Git takes an empty folder as free, and so do we. */
async function isOccupied(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length > 0;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ENOENT");
  }
}
