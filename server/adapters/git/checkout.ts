import { lstat, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ObjectId } from "#lib/domain/ids.ts";
import { type CheckoutFacts, type FileChange, type Git, GitError } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { readChanges } from "./diff.ts";
import { definedFilters, filteredPaths } from "./filtered-paths.ts";
import { checkObjectIds, checkRef, nulFields } from "./names.ts";
import { branchUnderOperation, gitDirOf, isOn, operationInProgress } from "./operation-in-progress.ts";
import { resolveRef } from "./refs.ts";
import { lockState } from "./stale-lock.ts";
import { readStatus } from "./status.ts";
import { listWorktrees } from "./worktree-list.ts";

type Obstacle = CheckoutFacts["obstacles"][number];

export function checkoutOperations({
  run,
  onObjects,
  onFiles,
}: GitContext): Pick<Git, "checkoutOf" | "fastForward"> {
  async function findCheckout(repository: string, branch: string): Promise<string | null> {
    for (const { path, bare, missing, branch: current } of await listWorktrees(run, repository)) {
      if (bare || missing) continue;
      if (current === branch) return path;
      if (current === null && (await branchUnderOperation(await gitDirOf(path))) === branch) return path;
    }
    return null;
  }

  /** What a fast-forward would write over, or git would refuse; in the order in which people should look. */
  async function obstaclesIn(checkout: string, from: ObjectId, to: ObjectId): Promise<Obstacle[]> {
    const gitDir = await gitDirOf(checkout);
    const operation = operationInProgress(gitDir);
    const lock = join(gitDir, "index.lock");
    const changes = await readChanges(onObjects, checkout, from, to, { renames: false });
    const { entries } = await readStatus(onFiles, checkout);
    const changed = new Set(changes.map(({ path }) => path));
    const obstacles: Obstacle[] = [];
    if ((await lockState(lock, checkout)) === "dead") obstacles.push({ kind: "dead-lock", detail: lock });
    else if (operation !== null)
      obstacles.push({ kind: "operation-in-progress", detail: `${operation} is under way` });
    for (const entry of entries) {
      if (entry.conflicted && operation === null) {
        obstacles.push({ kind: "operation-in-progress", detail: `${entry.path} is in conflict` });
      }
      if (!changed.has(entry.path)) continue;
      if (entry.staged) obstacles.push({ kind: "staged", detail: entry.path });
      else if (entry.unstaged) obstacles.push({ kind: "dirty-overlap", detail: entry.path });
    }
    for (const path of await untrackedInTheWay(checkout, changes)) {
      obstacles.push({ kind: "untracked-in-the-way", detail: path });
    }
    for (const { kind, path } of changes) if (kind === "submodule") obstacles.push({ kind, detail: path });
    for (const path of await filteredAt(checkout, to, changes))
      obstacles.push({ kind: "filtered", detail: path });
    return obstacles;
  }

  /** Files that git does not track where new ones have to go: ignored ones too, over which git would write silently. */
  async function untrackedInTheWay(checkout: string, changes: readonly FileChange[]): Promise<string[]> {
    const suspects = new Set<string>();
    for (const { path, kind } of changes) {
      if (kind !== "added") continue;
      if (await exists(join(checkout, path))) suspects.add(path);
      for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
        if (suspects.has(parent)) break;
        const found = await lstat(join(checkout, parent)).catch(() => null);
        if (found?.isDirectory()) break;
        if (found) suspects.add(parent);
      }
    }
    if (suspects.size === 0) return [];
    const inTheWay = new Set<string>();
    const all = [...suspects];
    // Command lines have a limit; a few hundred paths at once stay far below it.
    for (let at = 0; at < all.length; at += 200) {
      const { stdout } = await onFiles({
        folder: checkout,
        args: ["ls-files", "--others", "-z", "--", ...all.slice(at, at + 200)],
        env: { GIT_LITERAL_PATHSPECS: "1" },
      });
      for (const path of nulFields(stdout)) inTheWay.add(path);
    }
    return [...inTheWay];
  }

  /** Attributes as `to` will have them decide whether a file would need a filter that we do not run. */
  async function filteredAt(
    checkout: string,
    to: ObjectId,
    changes: readonly FileChange[],
  ): Promise<string[]> {
    const written = changes.filter(({ kind }) => kind !== "deleted");
    if (written.length === 0 || (await definedFilters(checkout)).size === 0) return [];
    const temporary = await mkdtemp(join(tmpdir(), "amplify-index-"));
    try {
      const index = join(temporary, "index");
      await onFiles({ folder: checkout, args: ["read-tree", to], env: { GIT_INDEX_FILE: index } });
      const entries = written.map(({ path }) => ({ bytes: Buffer.from(path) }));
      return await filteredPaths(onFiles, checkout, entries, index);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  return {
    async checkoutOf(repository, branch, from, to): Promise<CheckoutFacts> {
      checkRef(`refs/heads/${branch}`);
      checkObjectIds(from, to);
      const path = await findCheckout(repository, branch);
      return { path, obstacles: path === null ? [] : await obstaclesIn(path, from, to) };
    },

    async fastForward(checkout, branch, to) {
      checkRef(`refs/heads/${branch}`);
      checkObjectIds(to);
      const head = await resolveRef(run, checkout, "HEAD");
      if (head === null) throw failed(checkout, "there is no commit yet");
      const obstacles = head === to ? [] : await obstaclesIn(checkout, head, to);
      // As late as can be: git merges into whatever branch it finds.
      if (!(await isOn(run, checkout, branch))) return "switched";
      if (head === to) return "moved";
      if (obstacles.length > 0) return "in-the-way";
      const { exitCode, stderr } = await onFiles({
        folder: checkout,
        args: ["merge", "--ff-only", "--no-stat", "--no-autostash", "--no-overwrite-ignore", to],
        env: { GIT_COMMITTER_NAME: "Amplify", GIT_COMMITTER_EMAIL: "amplify@localhost" },
        answers: [1, 2, 128],
      });
      if (exitCode === 0) return "moved";
      // A file that was saved in this very moment: git has refused before it touched anything.
      if ((await obstaclesIn(checkout, head, to)).length > 0) return "in-the-way";
      throw failed(checkout, stderr, exitCode);
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

function failed(checkout: string, output: string, exitCode: number | null = null): GitError {
  return new GitError(`git merge --ff-only in ${checkout}: ${output}`, {
    command: "git merge",
    exitCode,
    output,
  });
}
