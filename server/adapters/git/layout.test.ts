import { existsSync } from "node:fs";
import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { expect, it } from "vitest";
import { createRepository, runGit, type TestRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";
import { quickRef } from "./layout.ts";

/** What git itself says of a ref. */
async function verified(repository: string, ref: string): Promise<string | null> {
  return runGit(repository, "rev-parse", "--verify", "--quiet", `${ref}^{commit}`).catch(() => null);
}

it("[G110] a ref read from its file is what git says: loose, packed, both, deleted, from a linked worktree", async () => {
  await using repository = await createRepository();
  const git = createGit();
  const linked = join(repository.path, ".worktrees", "linked");
  const names = ["main", "loose", "packed", "both", "gone", "deep/er", "linked", "never"];
  for (const name of ["packed", "both", "gone", "deep/er"]) await repository.git("branch", name);
  await repository.git("pack-refs", "--all");
  await repository.git("branch", "-D", "gone");
  await repository.git("commit", "--allow-empty", "-m", "More");
  for (const name of ["loose", "both"]) await repository.git("branch", "--force", name);
  await repository.git("worktree", "add", "-b", "linked", linked);
  let quick = 0;
  for (const folder of [repository.path, linked]) {
    for (const name of names) {
      const ref = `refs/heads/${name}`;
      expect(await git.resolve(folder, ref), `${ref} in ${folder}`).toBe(await verified(folder, ref));
      if (quickRef(folder, ref) !== undefined) quick += 1;
    }
  }
  expect(quick).toBe(2 * names.length);
});

it("[G110] whatever is not a plain ref is left to git, and nothing in its place can hold us up", async () => {
  await using repository = await createRepository();
  const heads = join(repository.commonDir, "refs", "heads");
  await repository.git("symbolic-ref", "refs/heads/linked-ref", "refs/heads/main");
  await symlink(join(heads, "main"), join(heads, "link"));
  await writeFile(join(heads, "torn"), "0123");
  await promisify(execFile)("mkfifo", [join(heads, "pipe")]);
  await mkdir(join(heads, "folder"));
  for (const name of ["linked-ref", "link", "torn", "pipe", "folder"]) {
    expect(quickRef(repository.path, `refs/heads/${name}`), name).toBeUndefined();
  }
  // Git itself would wait at the one for ever and stumble over the other.
  for (const name of ["pipe", "torn"]) await rm(join(heads, name));
  const bare = join(repository.path, "..", "bare.git");
  await runGit(repository.path, "clone", "--bare", repository.path, bare);
  expect(quickRef(bare, "refs/heads/main")).toBeUndefined();
  expect(await createGit().resolve(bare, "refs/heads/main")).toBe(await verified(bare, "refs/heads/main"));
});

/** A filter that leaves a file where it runs. */
async function filterIn(repository: TestRepository): Promise<{ canary: string; command: string }> {
  const canary = join(repository.path, "..", "canary");
  const command = join(repository.path, "..", "filter");
  await writeFile(command, `#!/bin/sh\ntouch '${canary}'\ncat\n`);
  await chmod(command, 0o755);
  return { canary, command };
}

it("[G111] a driver that is planted after the configuration was looked at does not run, in an included file either", async () => {
  for (const place of ["config", "included file"] as const) {
    await using repository = await createRepository({
      files: { "a.txt": "a\n", ".gitattributes": "* filter=late\n" },
    });
    const git = createGit();
    const included = join(repository.path, "..", "more.config");
    await writeFile(included, "");
    if (place === "included file") await repository.git("config", "include.path", included);
    const base = (await git.resolve(repository.path, "refs/heads/main"))!;
    const add = (name: string) =>
      git.addScratchWorktree({
        repository: repository.path,
        path: join(repository.path, ".worktrees", name),
        commit: base,
      });
    await add("before");
    const { canary, command } = await filterIn(repository);
    if (place === "config") await repository.git("config", "filter.late.smudge", command);
    else await writeFile(included, `[filter "late"]\n\tsmudge = ${command}\n`);
    await add("after");
    expect(existsSync(canary), place).toBe(false);
    // The trap is a real one.
    await runGit(repository.path, "worktree", "add", "--detach", join(repository.path, ".worktrees", "real"));
    expect(existsSync(canary), place).toBe(true);
  }
});

it("[G112] who commits is asked anew when a configuration has changed", async () => {
  await using repository = await createRepository();
  const git = createGit();
  await repository.git("config", "user.name", "Ada");
  await repository.git("config", "user.email", "ada@example.test");
  expect(await git.identity(repository.path)).toEqual({ name: "Ada", email: "ada@example.test" });
  await repository.git("config", "user.name", "Grace");
  expect(await git.identity(repository.path)).toEqual({ name: "Grace", email: "ada@example.test" });
});
