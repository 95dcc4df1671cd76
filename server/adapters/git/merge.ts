import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectId, parseObjectId } from "#lib/domain/ids.ts";
import { GitError, type Git } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { checkObjectIds, isWithin, nulFields } from "./names.ts";
import { identityEnvironment } from "./personal.ts";
import { resolveRef } from "./refs.ts";

export function mergeOperations({
  run,
  onFiles,
  onObjects,
}: GitContext): Pick<Git, "preview" | "commitTree" | "mergeInto"> {
  /** The tree with each of `folders` as `source` has it, or without it where `source` has none. */
  async function withFoldersOf(
    repository: string,
    tree: ObjectId,
    folders: readonly string[],
    source: ObjectId,
  ): Promise<ObjectId> {
    if (await isSameIn(repository, tree, source, folders)) return tree;
    const temporary = await mkdtemp(join(tmpdir(), "amplify-index-"));
    const env = { GIT_INDEX_FILE: join(temporary, "index") };
    try {
      await onObjects(repository, { args: ["read-tree", tree], env });
      const list = async (of: ObjectId) => {
        const args = ["ls-tree", "-r", "-z", "--full-tree", of, "--", ...folders];
        return (await onObjects(repository, { args })).stdout.toString("latin1");
      };
      // Mode 0 takes a path out of the index; later lines then put back what `source` has there.
      const removals = (await list(tree)).replace(/(^|\0)\d{6} \w+ /g, "$10 ");
      const lines = removals + (await list(source));
      if (lines === "") return tree;
      await onObjects(repository, {
        args: ["update-index", "-z", "--index-info"],
        input: Buffer.from(lines, "latin1"),
        env,
      });
      const written = await onObjects(repository, { args: ["write-tree"], env });
      return parseObjectId(written.stdout.toString("utf8").trim());
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  /** True where both have the same in each of the folders, or none: what most merges come to, by one command. */
  async function isSameIn(
    repository: string,
    tree: ObjectId,
    source: ObjectId,
    folders: readonly string[],
  ): Promise<boolean> {
    const { stdout } = await onObjects(repository, {
      args: ["cat-file", "--batch-check=%(objectname)"],
      input: folders.flatMap((folder) => [`${tree}:${folder}\n`, `${source}:${folder}\n`]).join(""),
    });
    const found = stdout.toString("utf8").split("\n");
    const ids = found.map((line) => (line.endsWith(" missing") ? "missing" : line));
    return folders.every((_, index) => ids[2 * index] === ids[2 * index + 1]);
  }

  return {
    async preview(repository, ours, theirs, { keepOurs = [] } = {}) {
      checkObjectIds(ours, theirs);
      const { stdout } = await onObjects(repository, {
        args: ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs],
        answers: [1],
      });
      const [tree = "", ...names] = nulFields(stdout);
      const conflicts = [...new Set(names)].filter(
        (name) => !keepOurs.some((folder) => isWithin(name, folder)),
      );
      if (conflicts.length > 0) return { clean: false, conflicts };
      const merged = parseObjectId(tree);
      return {
        clean: true,
        tree: keepOurs.length === 0 ? merged : await withFoldersOf(repository, merged, keepOurs, ours),
      };
    },

    async commitTree({ repository, tree, parents, message, identity }) {
      checkObjectIds(tree, ...parents);
      const { stdout } = await onObjects(repository, {
        args: ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"],
        input: message.endsWith("\n") ? message : `${message}\n`,
        env: identityEnvironment(identity),
      });
      return parseObjectId(stdout.toString("utf8").trim());
    },

    async mergeInto(worktree, theirs, message, identity) {
      checkObjectIds(theirs);
      const merged = await onFiles({
        folder: worktree,
        args: ["merge", "--ff", "--no-edit", "--no-stat", "--no-gpg-sign", "-m", message, theirs],
        env: identityEnvironment(identity),
        answers: [1, 2, 128],
      });
      const conflicts = merged.exitCode === 1 ? await unmergedPaths(worktree) : [];
      if (merged.exitCode !== 0 && conflicts.length === 0) {
        const output = `${merged.stderr}\n${merged.stdout.toString("utf8")}`.trim();
        throw new GitError(`git merge: ${output}`, {
          command: "git merge",
          exitCode: merged.exitCode,
          output,
        });
      }
      const head = await resolveRef(run, worktree, "HEAD");
      if (head === null)
        throw new GitError("HEAD is gone", { command: "git merge", exitCode: null, output: "" });
      return { head, conflicts };
    },
  };

  async function unmergedPaths(worktree: string): Promise<string[]> {
    const { stdout } = await onFiles({ folder: worktree, args: ["ls-files", "--unmerged", "-z"] });
    return [...new Set(nulFields(stdout).map((field) => field.slice(field.indexOf("\t") + 1)))];
  }
}
