import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseObjectId } from "#lib/domain/ids.ts";
import { createRepository, isolatedGitEnvironment } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";
import { lockState, removeStaleLock } from "./stale-lock.ts";

const longAgo = new Date(Date.now() - 3_600_000);

it("[G120] the lock of a git that waits in an editor is held, however old; one that nobody holds is removed", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a\n" } });
  const lock = join(repository.commonDir, "index.lock");
  await repository.write("a.txt", "mine\n");
  const commit = spawn("git", ["commit", "--all"], {
    cwd: repository.path,
    env: { ...isolatedGitEnvironment(), GIT_EDITOR: "echo waiting; read -r line; false" },
  });
  const ended = once(commit, "close");
  try {
    await once(commit.stdout, "data");
    await utimes(lock, longAgo, longAgo);
    expect(await removeStaleLock(lock, repository.path)).toBe("held");
    // Another worktree's index is another one.
    expect(await lockState(lock, join(repository.path, ".worktrees", "one"))).toBe("dead");
  } finally {
    commit.stdin.end();
    await ended;
  }
  await writeFile(lock, "");
  await utimes(lock, longAgo, longAgo);
  expect(await removeStaleLock(lock, repository.path)).toBe("removed");
});

it("[G121] a lock that a dead git left in the checkout is told with its path, and left to the person", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a\n" } });
  const from = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.git("switch", "--quiet", "-c", "next");
  await repository.write("a.txt", "next\n");
  const to = parseObjectId(await repository.commit("Next"));
  await repository.git("switch", "--quiet", "main");
  const lock = join(repository.commonDir, "index.lock");
  const git = createGit();
  await writeFile(lock, "");
  const { obstacles } = await git.checkoutOf(repository.path, "main", from, to);
  expect(obstacles).toEqual([{ kind: "operation-in-progress", detail: "another git command is under way" }]);
  await utimes(lock, longAgo, longAgo);
  const later = await git.checkoutOf(repository.path, "main", from, to);
  expect(later.obstacles).toEqual([{ kind: "dead-lock", detail: lock }]);
  expect(await lockState(lock, repository.path)).toBe("dead");
});
