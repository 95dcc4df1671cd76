import { isObjectId, type ObjectId, parseObjectId, parseSessionId } from "#lib/domain/ids.ts";
import { GitError, type Git } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { quickRef } from "./layout.ts";
import { checkObjectIds, checkRef, isRefName } from "./names.ts";
import type { RunGit } from "./run-git.ts";

export function refOperations({ run }: GitContext): Pick<Git, "resolve" | "moveRef" | "refs" | "archive"> {
  async function moveRef(
    repository: string,
    ref: string,
    to: ObjectId | null,
    from: ObjectId | null,
    reason: string,
  ): Promise<boolean> {
    checkRef(ref);
    checkObjectIds(...[to, from].filter((id) => id !== null));
    if (to === null && from === null) return (await readRef(run, repository, ref)) === null;
    const instruction =
      to === null
        ? `delete ${ref}\0${from ?? ""}\0`
        : from === null
          ? `create ${ref}\0${to}\0`
          : `update ${ref}\0${to}\0${from}\0`;
    try {
      await run({
        folder: repository,
        // A branch that was turned into a symbolic ref must not carry the move on to another branch.
        args: ["update-ref", "--no-deref", "--create-reflog", "-m", reflogLine(reason), "--stdin", "-z"],
        input: instruction,
        env: reflogIdentity,
      });
      return true;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      if ((await readRef(run, repository, ref)) !== from) return false;
      throw error;
    }
  }

  return {
    resolve: (repository, ref) => resolveRef(run, repository, ref),
    moveRef,

    async refs(repository, prefix) {
      const { stdout } = await run({
        folder: repository,
        args: ["for-each-ref", "--format=%(objectname) %(refname)", checkRef(prefix.replace(/\/$/, ""))],
      });
      return stdout
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const space = line.indexOf(" ");
          return { name: line.slice(space + 1), target: parseObjectId(line.slice(0, space)) };
        });
    },

    async archive(repository, session, commit, why) {
      const ref = `refs/amplify/archive/${parseSessionId(session)}/${commit}`;
      if (await moveRef(repository, ref, commit, null, why)) return ref;
      if ((await readRef(run, repository, ref)) === commit) return ref;
      throw new GitError(`${ref} points elsewhere`, {
        command: "git update-ref",
        exitCode: null,
        output: "",
      });
    },
  };
}

/** Reflogs need a name even where nobody's identity matters. */
const reflogIdentity = { GIT_COMMITTER_NAME: "Amplify", GIT_COMMITTER_EMAIL: "amplify@localhost" };

function reflogLine(reason: string): string {
  return `amplify: ${reason.replace(/\s+/g, " ").slice(0, 200)}`;
}

/**
 * The commit behind an object id, `HEAD`, a full ref, or a short name, which is a branch before it is
 * anything else: a tag of the same name cannot stand in for it. Null where there is none; expressions such
 * as `main~1` name nothing.
 */
export async function resolveRef(run: RunGit, repository: string, ref: string): Promise<ObjectId | null> {
  if (ref !== "HEAD" && !isRefName(ref)) return null;
  const quick = quickRef(repository, ref);
  if (quick !== undefined) return quick;
  const names =
    isObjectId(ref) || ref === "HEAD" || ref.startsWith("refs/")
      ? [ref]
      : [`refs/heads/${ref}`, `refs/remotes/${ref}`, `refs/tags/${ref}`];
  const { stdout } = await run({
    folder: repository,
    args: ["cat-file", "--batch-check"],
    input: names.map((name) => `${name}^{commit}\n`).join(""),
  });
  const found = /^([0-9a-f]+) commit \d+$/m.exec(stdout.toString("utf8"))?.[1];
  return found === undefined ? null : parseObjectId(found);
}

/** What the ref itself holds, without following it further; null where it does not exist. */
async function readRef(run: RunGit, repository: string, ref: string): Promise<ObjectId | null> {
  const { exitCode, stdout } = await run({
    folder: repository,
    args: ["show-ref", "--verify", "--hash", ref],
    answers: [1, 128],
  });
  return exitCode === 0 ? parseObjectId(stdout.toString("utf8").trim()) : null;
}
