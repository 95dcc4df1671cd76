import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitError, NotARepositoryError } from "#server/ports.ts";
import type { GitCall, GitOutcome, RunGit } from "./run-git.ts";

export type RunOnObjects = (repository: string, call: Omit<GitCall, "folder">) => Promise<GitOutcome>;

const formats = {
  sha1: "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
  sha256: "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n",
} as const;

export interface Location {
  readonly commonDir: string;
  readonly format: keyof typeof formats;
}

/** An empty git directory of ours, and the variables that put a repository's objects into it. */
export interface ObjectView {
  readonly gitDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What only reads or writes objects (merging, diffs, ancestry, commits) runs in an empty git directory of
 * ours whose object store is the repository's. No configuration, hook, attribute, replacement or graft of the
 * repository exists there, so no merge driver, filter, external diff or textconv can run and nothing can hide
 * a change from the diff; and what is written is in the repository at once, with nothing to fetch.
 */
export function createObjectView(
  run: RunGit,
  folder: string | null,
): (repository: string) => Promise<ObjectView> {
  let home = folder;

  /** Synchronous, so that no other call sees it half made. */
  function emptyGitDir(format: keyof typeof formats): string {
    if (home === null) {
      const created = mkdtempSync(join(tmpdir(), "amplify-git-"));
      process.once("exit", () => rmSync(created, { recursive: true, force: true }));
      home = created;
    }
    const gitDir = join(home, format);
    // Cleaners of the temp folder may take files away between two calls.
    if (!existsSync(join(gitDir, "HEAD")) || !existsSync(join(gitDir, "config"))) {
      mkdirSync(join(gitDir, "refs"), { recursive: true, mode: 0o700 });
      mkdirSync(join(gitDir, "objects"), { recursive: true, mode: 0o700 });
      writeFileSync(join(gitDir, "config"), formats[format]);
      writeFileSync(join(gitDir, "HEAD"), "ref: refs/heads/none\n");
    }
    return gitDir;
  }

  const located = new Map<string, Location>();

  /** A folder does not change its repository while that lives; asking again would double the cost of each call. */
  async function locateOnce(repository: string): Promise<Location> {
    const known = located.get(repository);
    if (known && existsSync(join(known.commonDir, "objects")) && existsSync(repository)) return known;
    const found = await locate(run, repository);
    located.set(repository, found);
    return found;
  }

  return async (repository) => {
    const { commonDir, format } = await locateOnce(repository);
    const gitDir = emptyGitDir(format);
    const shallow = join(commonDir, "shallow");
    return {
      gitDir,
      env: {
        GIT_DIR: gitDir,
        GIT_OBJECT_DIRECTORY: join(commonDir, "objects"),
        ...(existsSync(shallow) ? { GIT_SHALLOW_FILE: shallow } : {}),
      },
    };
  };
}

/** Runs git on the objects of a repository and on nothing else of it, as {@link createObjectView} shows them. */
export function createRunOnObjects(run: RunGit, folder: string | null): RunOnObjects {
  const viewOf = createObjectView(run, folder);
  return async (repository, call) => {
    const { gitDir, env } = await viewOf(repository);
    return run({ ...call, folder: gitDir, env: { GIT_LITERAL_PATHSPECS: "1", ...call.env, ...env } });
  };
}

/** Where the repository of `folder` keeps what its worktrees share, and which hash it uses. */
export async function locate(run: RunGit, folder: string): Promise<Location> {
  const { exitCode, stdout, stderr } = await run({
    folder,
    args: ["rev-parse", "--path-format=absolute", "--git-common-dir", "--show-object-format"],
    answers: [128],
  }).catch((error: unknown) => {
    if (existsSync(folder)) throw error;
    throw new NotARepositoryError(folder);
  });
  // The folder's own name may hold line breaks; the format, which is last, does not.
  const match = /^([\s\S]*)\n(sha1|sha256)\n$/.exec(stdout.toString("utf8"));
  if (exitCode === 0 && match === null) throw new NotARepositoryError(folder);
  if (stderr.includes("not a git repository")) throw new NotARepositoryError(folder);
  if (exitCode !== 0 || match === null) {
    throw new GitError(`git rev-parse: ${stderr}`, { command: "git rev-parse", exitCode, output: stderr });
  }
  return { commonDir: match[1] ?? "", format: match[2] === "sha256" ? "sha256" : "sha1" };
}
