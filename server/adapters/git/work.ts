import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectId, parseObjectId } from "#lib/domain/ids.ts";
import { FilteredPathsError, type Git, GitError, type Snapshot } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { filteredPaths } from "./filtered-paths.ts";
import { checkObjectIds } from "./names.ts";
import { gitDirOf } from "./operation-in-progress.ts";
import { identityEnvironment } from "./personal.ts";
import { resolveRef } from "./refs.ts";
import { backlogFolder, isBacklog, readStatus, type StatusEntry } from "./status.ts";

export function workOperations({
  run,
  onFiles,
  onObjects,
}: GitContext): Pick<Git, "workState" | "commitAll" | "snapshot" | "discardUncommitted"> {
  /** Brings exactly these paths from the disk into an index; nothing is searched, so no repository inside is entered. */
  async function stage(
    worktree: string,
    entries: readonly StatusEntry[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    if (entries.length === 0) return;
    await onFiles({
      folder: worktree,
      args: ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"],
      input: Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.of(0)])),
      env,
    });
  }

  /** Takes what was staged of these paths back out of the index; the files stay as they are. */
  async function unstage(worktree: string, entries: readonly StatusEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await onFiles({
      folder: worktree,
      args: ["reset", "--quiet", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul"],
      input: Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.of(0)])),
      env: { GIT_LITERAL_PATHSPECS: "1" },
    });
  }

  /**
   * `.beads` in the index as it was before the work: from head, and while a merge is open from the side that
   * is merged in, whose changes would else look reverted.
   */
  async function restoreBacklog(worktree: string, merging: boolean): Promise<void> {
    await onFiles({
      folder: worktree,
      args: ["reset", "--quiet", merging ? "MERGE_HEAD" : "HEAD", "--", `:(top,literal)${backlogFolder}`],
    });
  }

  /** The dates of a commit, for one that stands for the moment after it. */
  async function datesOf(worktree: string, commit: ObjectId): Promise<Record<string, string>> {
    const { stdout } = await onObjects(worktree, {
      args: ["log", "--max-count=1", "--format=%ct +0000", commit, "--"],
    });
    const date = `@${stdout.toString("utf8").trim()}`;
    return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  }

  return {
    async workState(worktree, base) {
      checkObjectIds(base);
      const { head, entries } = await readStatus(onFiles, worktree);
      if (head === null) throw noCommits(worktree);
      const { stdout } = await onObjects(worktree, {
        args: ["rev-list", "--count", `${base}..${head}`, "--"],
      });
      return {
        head,
        ahead: Number(stdout.toString("utf8").trim()),
        uncommitted: entries.map(({ path }) => path).filter((path) => !isBacklog(path)),
      };
    },

    async commitAll(worktree, message, identity, { except = new Set() } = {}) {
      const { head, entries } = await readStatus(onFiles, worktree);
      const work = entries.filter(({ path, nested }) => !nested && !isBacklog(path) && !except.has(path));
      const merging = existsSync(join(await gitDirOf(worktree), "MERGE_HEAD"));
      if (work.length === 0 && !merging) return null;
      const filtered = await filteredPaths(onFiles, worktree, work);
      if (filtered.length > 0) throw new FilteredPathsError(filtered);

      if (head !== null && entries.some(({ path }) => isBacklog(path)))
        await restoreBacklog(worktree, merging);
      await unstage(
        worktree,
        entries.filter(({ path, staged }) => staged && except.has(path)),
      );
      await stage(worktree, work);
      await onFiles({
        folder: worktree,
        args: ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=whitespace", "--file=-"],
        input: `${message}\n`,
        env: identityEnvironment(identity),
      });
      return resolveRef(run, worktree, "HEAD");
    },

    async discardUncommitted(worktree) {
      await onFiles({ folder: worktree, args: ["reset", "--quiet", "--hard", "HEAD"] });
      // Twice forced, or a repository inside would stay.
      await onFiles({ folder: worktree, args: ["clean", "--quiet", "--force", "--force", "-d"] });
    },

    async snapshot(worktree, message, identity): Promise<Snapshot | null> {
      const { head, entries } = await readStatus(onFiles, worktree);
      if (entries.length === 0) return null;
      if (head === null) throw noCommits(worktree);
      const temporary = await mkdtemp(join(tmpdir(), "amplify-index-"));
      const env = { GIT_INDEX_FILE: join(temporary, "index") };
      try {
        await onFiles({ folder: worktree, args: ["read-tree", head], env });
        await stage(
          worktree,
          entries.filter(({ nested }) => !nested),
          env,
        );
        const tree = (await onFiles({ folder: worktree, args: ["write-tree"], env })).stdout
          .toString("utf8")
          .trim();
        const commit = await onObjects(worktree, {
          args: ["commit-tree", parseObjectId(tree), "-p", head, "-F", "-"],
          input: `${message}\n`,
          // Repeated, it is the same commit, not one more.
          env: { ...identityEnvironment(identity), ...(await datesOf(worktree, head)) },
        });
        return {
          commit: parseObjectId(commit.stdout.toString("utf8").trim()) satisfies ObjectId,
          omitted: entries.filter(({ nested }) => nested).map(({ path }) => path),
        };
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
  };
}

function noCommits(worktree: string): GitError {
  return new GitError(`${worktree} has no commit yet`, { command: "git status", exitCode: null, output: "" });
}
