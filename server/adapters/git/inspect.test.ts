import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { NotARepositoryError } from "#server/ports.ts";
import { createRepository, runGit } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();

it("[G10] a subfolder and a linked worktree both lead to the main checkout's root", async () => {
  await using repository = await createRepository({ files: { "a b/ü.txt": "x" } });
  const linked = join(repository.path, ".worktrees", "x");
  await repository.git("worktree", "add", "-q", "-b", "x", linked);
  const head = await repository.git("rev-parse", "HEAD");
  for (const folder of [repository.path, join(repository.path, "a b"), linked]) {
    expect(await git.inspect(folder)).toEqual({
      root: repository.path,
      commonDir: repository.commonDir,
      bare: false,
      head,
      branch: "main",
      defaultBranch: "main",
      identity: { name: "Ada Example", email: "ada@example.test" },
      submodules: false,
      lfs: false,
    });
  }
});

it("[G11] a folder without a repository, and one that does not exist, are told apart from failures", async () => {
  await using repository = await createRepository();
  const outside = join(repository.path, "..", "outside");
  await mkdir(outside);
  await expect(git.inspect(outside)).rejects.toThrow(NotARepositoryError);
  await expect(git.inspect(join(outside, "none"))).rejects.toThrow(NotARepositoryError);
});

it("[G12] no commits, a detached head, a bare repository and SHA-256 are all described", async () => {
  await using empty = await createRepository({ files: {} });
  expect(await git.inspect(empty.path)).toMatchObject({ head: null, branch: "main", defaultBranch: null });

  await using repository = await createRepository({ branch: "master" });
  await repository.git("switch", "-q", "--detach");
  expect(await git.inspect(repository.path)).toMatchObject({ branch: null, defaultBranch: "master" });

  const bare = join(repository.path, "..", "bare.git");
  await repository.git("clone", "-q", "--bare", ".", bare);
  const head = await repository.git("rev-parse", "HEAD");
  expect(await git.inspect(bare)).toMatchObject({
    root: bare,
    commonDir: bare,
    bare: true,
    head,
    branch: "master",
  });

  const sha256 = join(repository.path, "..", "sha256");
  await repository.git("init", "-q", "-b", "main", "--object-format=sha256", sha256);
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  await runGit(sha256, ...identity, "commit", "-q", "--allow-empty", "-m", "one");
  const facts = await git.inspect(sha256);
  expect(facts.head).toHaveLength(64);
  expect(await git.isAncestor(sha256, facts.head!, facts.head!)).toBe(true);
});

it("[G13] submodules, LFS and the remote's default branch are noticed", async () => {
  await using repository = await createRepository({
    files: { "assets/.gitattributes": "*.psd filter=lfs diff=lfs merge=lfs -text\n", ".gitmodules": "" },
  });
  await repository.git("branch", "develop");
  await repository.git("update-ref", "refs/remotes/origin/develop", "HEAD");
  await repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
  expect(await git.inspect(repository.path)).toMatchObject({
    lfs: true,
    submodules: true,
    defaultBranch: "develop",
  });
});
