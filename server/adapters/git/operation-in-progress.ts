import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RunGit } from "./run-git.ts";

/** A worktree's own git directory: where its head, its index and the marks of open operations are. */
export async function gitDirOf(worktree: string): Promise<string> {
  const dotGit = join(worktree, ".git");
  if ((await stat(dotGit)).isDirectory()) return dotGit;
  const text = await readFile(dotGit, "utf8");
  return resolve(worktree, text.replace(/^gitdir: /, "").replace(/\n$/, ""));
}

const marks: readonly (readonly [file: string, operation: string])[] = [
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase"],
  ["MERGE_HEAD", "a merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["BISECT_LOG", "a bisect"],
  ["index.lock", "another git command"],
];

/** What is under way there, in words for people; null where nothing is. */
export function operationInProgress(gitDir: string): string | null {
  return marks.find(([file]) => existsSync(join(gitDir, file)))?.[1] ?? null;
}

/** The branch that a rebase or a bisect has taken off the checkout and will come back to. */
export async function branchUnderOperation(gitDir: string): Promise<string | null> {
  for (const file of ["rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"]) {
    const name = (await readFile(join(gitDir, file), "utf8").catch(() => "")).trim();
    if (name !== "") return name.replace(/^refs\/heads\//, "");
  }
  return null;
}

/** True where the checkout has the branch at this moment, or comes back to it when what is under way there ends. */
export async function isOn(run: RunGit, checkout: string, branch: string): Promise<boolean> {
  const args = ["symbolic-ref", "--quiet", "HEAD"];
  const { stdout } = await run({ folder: checkout, args, answers: [1] });
  const head = stdout.toString("utf8").trim();
  if (head !== "") return head === `refs/heads/${branch}`;
  return (await branchUnderOperation(await gitDirOf(checkout))) === branch;
}
