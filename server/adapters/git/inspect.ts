import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { ObjectId } from "#lib/domain/ids.ts";
import { NotARepositoryError, type Git, type RepositoryFacts } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { locate } from "./object-store.ts";
import { readIdentity } from "./personal.ts";
import { resolveRef } from "./refs.ts";
import { listWorktrees } from "./worktree-list.ts";

export function inspectOperations({ run, onObjects }: GitContext): Pick<Git, "inspect" | "identity"> {
  async function tracksSubmodules(repository: string, commit: ObjectId): Promise<boolean> {
    const { stdout } = await onObjects(repository, {
      args: ["cat-file", "--batch-check"],
      input: `${commit}:.gitmodules\n`,
    });
    return / blob \d+\n$/.test(stdout.toString("utf8"));
  }

  async function tracksLfs(repository: string, commit: ObjectId): Promise<boolean> {
    const { exitCode } = await onObjects(repository, {
      args: ["grep", "--quiet", "-F", "-e", "filter=lfs", commit, "--", ":(glob)**/.gitattributes"],
      env: { GIT_LITERAL_PATHSPECS: "0" },
      answers: [1],
    });
    return exitCode === 0;
  }

  /** The remote's own default where it exists here, then the usual names, then what is checked out. */
  async function defaultBranch(commonDir: string, current: string | null): Promise<string | null> {
    const { stdout } = await run({
      folder: commonDir,
      args: ["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"],
      answers: [1],
    });
    const remote = stdout
      .toString("utf8")
      .trim()
      .replace(/^refs\/remotes\/origin\//, "");
    for (const name of [remote, "main", "master", current]) {
      if (name && (await resolveRef(run, commonDir, `refs/heads/${name}`)) !== null) return name;
    }
    return null;
  }

  return {
    identity: readIdentity,

    async inspect(folder): Promise<RepositoryFacts> {
      const here = await realpath(folder).catch(() => folder);
      if (!(await stat(here).catch(() => null))?.isDirectory()) throw new NotARepositoryError(folder);
      const commonDir = await realpath((await locate(run, here)).commonDir);
      const [main] = await listWorktrees(run, here);
      if (main === undefined) throw new NotARepositoryError(folder);
      const root = main.bare ? commonDir : await rootOf(here, commonDir, main.path);
      return {
        root,
        commonDir,
        bare: main.bare,
        head: main.bare ? await resolveRef(run, commonDir, "HEAD") : main.head,
        branch: main.bare ? await bareBranch(commonDir) : main.branch,
        defaultBranch: await defaultBranch(commonDir, main.branch),
        identity: await readIdentity(here),
        submodules: main.head !== null && (await tracksSubmodules(here, main.head)),
        lfs: main.head !== null && (await tracksLfs(here, main.head)),
      };
    },
  };

  async function bareBranch(commonDir: string): Promise<string | null> {
    const { stdout } = await run({
      folder: commonDir,
      args: ["symbolic-ref", "--quiet", "HEAD"],
      answers: [1],
    });
    const ref = stdout.toString("utf8").trim();
    return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
  }

  /** Git lists the git directory itself as the main checkout where that lies apart from it (`--separate-git-dir`). */
  async function rootOf(here: string, commonDir: string, listed: string): Promise<string> {
    if (basename(commonDir) === ".git") return dirname(commonDir);
    const { exitCode, stdout } = await run({
      folder: here,
      args: ["rev-parse", "--show-toplevel"],
      answers: [128],
    });
    return realpath(exitCode === 0 ? stdout.toString("utf8").replace(/\n$/, "") : listed);
  }
}
