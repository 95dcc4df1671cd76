import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { branchFor, MalformedIdError, parseItemId, parseObjectId, type BranchName } from "#lib/domain/ids.ts";
import { createRepository, runGit, type TestRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();

async function orderFor(repository: TestRepository, item: string) {
  return {
    repository: repository.path,
    path: join(repository.path, ".worktrees", item),
    branch: branchFor(parseItemId(item)),
    base: parseObjectId(await repository.git("rev-parse", "main")),
  };
}

it("[G20] sixty worktrees at once all succeed, and no branch is left without one", async () => {
  await using repository = await createRepository();
  await repository.git("update-ref", "refs/remotes/origin/main", "HEAD");
  const orders = await Promise.all(
    Array.from({ length: 60 }, (_, index) => orderFor(repository, `item-${index}`)),
  );
  const results = await Promise.allSettled(orders.map((order) => git.addWorktree(order)));
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
  const worktrees = await git.worktrees(repository.path);
  const branches = await git.refs(repository.path, "refs/heads/amplify/");
  expect(worktrees).toHaveLength(61);
  expect(branches.map(({ name }) => name.replace("refs/heads/", "")).sort()).toEqual(
    worktrees.flatMap(({ branch }) => (branch === "main" ? [] : [branch])).sort(),
  );
}, 120_000);

it("[G21] a taken path and a branch with commits are refused, and neither is touched", async () => {
  await using repository = await createRepository();
  const order = await orderFor(repository, "one");
  await mkdir(order.path, { recursive: true });
  await writeFile(join(order.path, "mine"), "keep");
  await expect(git.addWorktree(order)).rejects.toMatchObject({
    name: "WorktreeBusyError",
    why: "path-taken",
  });
  expect(await readFile(join(order.path, "mine"), "utf8")).toBe("keep");
  expect(await git.resolve(repository.path, order.branch)).toBeNull();

  const second = await orderFor(repository, "two");
  await repository.git("switch", "-q", "-c", second.branch);
  const tip = await repository.commit("work");
  await repository.git("switch", "-q", "main");
  await expect(git.addWorktree(second)).rejects.toMatchObject({ why: "branch-taken" });
  expect(await git.resolve(repository.path, second.branch)).toBe(tip);

  const third = await orderFor(repository, "three");
  await git.addWorktree(third);
  await expect(git.addWorktree({ ...third, path: `${third.path}-again` })).rejects.toMatchObject({
    why: "branch-taken",
  });
});

it("[G22] what an attempt that was cut off has left is cleared by the next one", async () => {
  await using repository = await createRepository();
  const stray = await orderFor(repository, "stray");
  await repository.git("branch", stray.branch);
  await git.addWorktree(stray);

  const gone = await orderFor(repository, "gone");
  await git.addWorktree(gone);
  await rm(gone.path, { recursive: true });
  expect((await git.worktrees(repository.path)).find(({ path }) => path === gone.path)?.missing).toBe(true);
  await git.addWorktree(gone);

  const cut = await orderFor(repository, "cut");
  await git.addWorktree(cut);
  await repository.git("worktree", "lock", "--reason", "initializing", cut.path);
  await git.addWorktree(cut);
  expect((await git.worktrees(repository.path)).filter(({ missing, locked }) => missing || locked)).toEqual(
    [],
  );
});

it("[G23] names that are not ours never reach a command line", async () => {
  await using repository = await createRepository();
  const order = await orderFor(repository, "one");
  for (const branch of ["--force", "amplify/../main", "amplify/x;y", "main"]) {
    await expect(git.addWorktree({ ...order, branch: branch as BranchName })).rejects.toThrow(
      MalformedIdError,
    );
  }
  for (const ref of ["--all", "refs/heads/a..b", "refs/heads/-x", "refs/heads/a b", "main"]) {
    await expect(git.moveRef(repository.path, ref, order.base, null, "x")).rejects.toThrow(MalformedIdError);
  }
  expect(await git.resolve(repository.path, "--help")).toBeNull();
  expect(await git.resolve(repository.path, "main~0\nHEAD")).toBeNull();
});

it("[G24] a worktree with changes is kept unless forced; one whose folder is gone is forgotten", async () => {
  await using repository = await createRepository();
  const order = await orderFor(repository, "one");
  await git.addWorktree(order);
  await writeFile(join(order.path, "new.txt"), "x");
  await expect(git.removeWorktree(repository.path, order.path)).rejects.toMatchObject({
    why: "uncommitted-changes",
  });
  expect(await readFile(join(order.path, "new.txt"), "utf8")).toBe("x");
  await repository.git("worktree", "lock", order.path);
  await expect(git.removeWorktree(repository.path, order.path)).rejects.toMatchObject({ why: "locked" });
  await git.removeWorktree(repository.path, order.path, { force: true });
  await git.removeWorktree(repository.path, order.path);

  const gone = await orderFor(repository, "two");
  await git.addWorktree(gone);
  await rm(gone.path, { recursive: true });
  await git.removeWorktree(repository.path, gone.path);
  expect(await git.worktrees(repository.path)).toHaveLength(1);
  await expect(git.removeWorktree(repository.path, repository.path, { force: true })).rejects.toThrow(
    "main checkout",
  );
});

it("[G25] a link in the place of a worktree is removed, and what it leads to is not", async () => {
  await using repository = await createRepository();
  const order = await orderFor(repository, "one");
  await git.addWorktree(order);
  const precious = join(repository.path, "..", "precious");
  await mkdir(precious);
  await writeFile(join(precious, "file"), "keep");
  await rm(order.path, { recursive: true });
  await symlink(precious, order.path);
  await git.removeWorktree(repository.path, order.path, { force: true });
  expect(await readFile(join(precious, "file"), "utf8")).toBe("keep");
  expect(await git.worktrees(repository.path)).toHaveLength(1);
});

it("[G26] worktrees stay out of the main checkout's status, by one line however often it is asked for", async () => {
  await using repository = await createRepository();
  for (let time = 0; time < 3; time += 1) await git.excludeWorktrees(repository.path);
  await git.addWorktree(await orderFor(repository, "one"));
  expect(await repository.git("status", "--porcelain")).toBe("");
  const exclude = await readFile(join(repository.commonDir, "info", "exclude"), "utf8");
  expect(exclude.match(/^\.worktrees\/$/gm)).toHaveLength(1);

  const bystander = join(repository.path, "..", "bystander");
  await writeFile(bystander, "");
  await rm(join(repository.commonDir, "info", "exclude"));
  await symlink(bystander, join(repository.commonDir, "info", "exclude"));
  await expect(git.excludeWorktrees(repository.path)).rejects.toThrow();
  expect(await readFile(bystander, "utf8")).toBe("");
});

it("[G27] a warm worktree is claimed for a branch at the newest base", async () => {
  await using repository = await createRepository();
  const old = parseObjectId(await repository.git("rev-parse", "HEAD"));
  const warm = join(repository.path, ".worktrees", ".warm", "1");
  await git.addScratchWorktree({ repository: repository.path, path: warm, commit: old });
  await writeFile(join(warm, "installed"), "by the setup");
  await repository.write("later.txt", "later");
  await repository.commit("later");
  const order = await orderFor(repository, "one");
  await git.claimWorktree({ ...order, from: warm });
  expect(await runGit(order.path, "branch", "--show-current")).toBe(order.branch);
  expect(await readFile(join(order.path, "later.txt"), "utf8")).toBe("later");
  expect(await readFile(join(order.path, "installed"), "utf8")).toBe("by the setup");
});
