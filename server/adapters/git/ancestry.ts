import { type ObjectId, parseObjectId } from "#lib/domain/ids.ts";
import type { LandingGit } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { checkObjectIds } from "./names.ts";

export function ancestryOperations(
  context: GitContext,
): Pick<
  LandingGit,
  "mergeBase" | "isAncestor" | "holdsWork" | "commits" | "mergedBy" | "treeOf" | "parentsOf"
> {
  const { onObjects } = context;
  return {
    isAncestor: (repository, ancestor, of) => isAncestor(context, repository, ancestor, of),

    async mergeBase(repository, a, b) {
      checkObjectIds(a, b);
      const { exitCode, stdout } = await onObjects(repository, { args: ["merge-base", a, b], answers: [1] });
      return exitCode === 1 ? null : parseObjectId(stdout.toString("utf8").trim());
    },

    async holdsWork(repository, head, tip) {
      checkObjectIds(head, tip);
      const { stdout } = await onObjects(repository, {
        args: [
          "rev-list",
          "--right-only",
          "--cherry-pick",
          "--no-merges",
          "--max-count=1",
          `${tip}...${head}`,
          "--",
        ],
      });
      return stdout.length === 0;
    },

    async mergedBy(repository, commit, tip) {
      checkObjectIds(commit, tip);
      if (!(await isAncestor(context, repository, commit, tip))) return null;
      const { stdout } = await onObjects(repository, {
        args: ["rev-list", "--first-parent", "--ancestry-path", "--parents", `${commit}..${tip}`, "--"],
      });
      const [oldest, parent] = stdout.toString("utf8").trimEnd().split("\n").at(-1)?.split(" ") ?? [];
      // On the line itself it came in by a fast-forward: nothing but the commit brought it.
      return oldest === undefined || oldest === "" || parent === commit ? commit : parseObjectId(oldest);
    },

    async treeOf(repository, commit) {
      checkObjectIds(commit);
      const { stdout } = await onObjects(repository, {
        args: ["cat-file", "--batch-check"],
        input: `${commit}^{tree}\n`,
      });
      return parseObjectId(stdout.toString("utf8").split(" ")[0] ?? "");
    },

    async parentsOf(repository, commit) {
      checkObjectIds(commit);
      const { stdout } = await onObjects(repository, {
        args: ["rev-list", "--no-walk", "--parents", commit, "--"],
      });
      return stdout.toString("utf8").trim().split(" ").slice(1).map(parseObjectId);
    },

    async commits(repository, from, to, limit) {
      checkObjectIds(from, to);
      const { stdout } = await onObjects(repository, {
        args: [
          "log",
          "--format=%H %s",
          `--max-count=${Math.max(0, Math.trunc(limit))}`,
          `${from}..${to}`,
          "--",
        ],
      });
      const lines = stdout.toString("utf8").split("\n").slice(0, -1);
      return lines.map((line) => {
        const [commit = ""] = line.split(" ", 1);
        return { commit: parseObjectId(commit), subject: line.slice(commit.length + 1) };
      });
    },
  };
}

export async function isAncestor(
  { onObjects }: GitContext,
  repository: string,
  ancestor: ObjectId,
  of: ObjectId,
): Promise<boolean> {
  checkObjectIds(ancestor, of);
  if (ancestor === of) return true;
  const { exitCode } = await onObjects(repository, {
    args: ["merge-base", "--is-ancestor", ancestor, of],
    answers: [1],
  });
  return exitCode === 0;
}
