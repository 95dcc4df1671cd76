import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { branchFor, parseItemId, parseObjectId } from "#lib/domain/ids.ts";
import { FilteredPathsError } from "#server/ports.ts";
import { createRepository, runGit, type TestRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();
const identity = { name: "Grace Example", email: "grace@example.test" };

async function worktreeOf(repository: TestRepository) {
  const base = parseObjectId(await repository.git("rev-parse", "HEAD"));
  const path = join(repository.path, ".worktrees", "one");
  await git.addWorktree({ repository: repository.path, path, branch: branchFor(parseItemId("one")), base });
  return { path, base };
}

it("[G40] everything uncommitted is named and committed under its exact name, by the given identity", async () => {
  await using repository = await createRepository({
    files: { "kept.txt": "1", "gone.txt": "2", "dir/file": "3" },
  });
  const { path, base } = await worktreeOf(repository);
  const odd = ["-rf", "a b.txt", "line\nbreak", "ünï.txt", 'quo"te', ":(top)x", "*"];
  for (const name of odd) await writeFile(join(path, name), name);
  await rm(join(path, "gone.txt"));
  await rm(join(path, "dir"), { recursive: true });
  await writeFile(join(path, "dir"), "now a file");
  const { uncommitted, ahead } = await git.workState(path, base);
  expect(new Set(uncommitted)).toEqual(new Set([...odd, "gone.txt", "dir", "dir/file"]));
  expect(ahead).toBe(0);

  const commit = await git.commitAll(path, "Do it\n\nBody", identity);
  expect(await git.workState(path, base)).toEqual({ head: commit, ahead: 1, uncommitted: [] });
  expect(await runGit(path, "log", "-1", "--format=%an <%ae> %cn|%B")).toContain(
    "Grace Example <grace@example.test> Grace Example|Do it\n\nBody",
  );
  const names = (await runGit(path, "ls-tree", "-r", "-z", "--name-only", "HEAD"))
    .split("\0")
    .filter(Boolean);
  expect(new Set(names)).toEqual(new Set([...odd, "kept.txt", "dir"]));
  expect(await git.commitAll(path, "Nothing", identity)).toBeNull();
});

it("[G41] the backlog's files stay out of the commit, staged ones too, and lie untouched in the folder", async () => {
  await using repository = await createRepository({
    files: { ".beads/issues.jsonl": "old\n", "a.txt": "a" },
  });
  const { path, base } = await worktreeOf(repository);
  await writeFile(join(path, ".beads/issues.jsonl"), "new\n");
  await writeFile(join(path, ".beads/extra"), "extra");
  await runGit(path, "add", "-A");
  expect(await git.commitAll(path, "Nothing", identity)).toBeNull();
  await writeFile(join(path, "a.txt"), "b");
  const commit = await git.commitAll(path, "Work", identity);
  expect((await git.changes(path, base, commit!)).map((change) => change.path)).toEqual(["a.txt"]);
  expect(await readFile(join(path, ".beads/issues.jsonl"), "utf8")).toBe("new\n");
});

it("[G42] ending an open merge keeps the backlog as the merged side has it", async () => {
  await using repository = await createRepository({
    files: { ".beads/issues.jsonl": "old\n", "a.txt": "a\n" },
  });
  const { path } = await worktreeOf(repository);
  await repository.write(".beads/issues.jsonl", "of main\n");
  await repository.write("a.txt", "of main\n");
  const theirs = parseObjectId(await repository.commit("main moves"));
  await writeFile(join(path, "a.txt"), "of the task\n");
  await git.commitAll(path, "Work", identity);
  const merged = await git.mergeInto(path, theirs, "Bring main in", identity);
  expect(merged.conflicts).toEqual(["a.txt"]);
  expect(await readFile(join(path, "a.txt"), "utf8")).toContain("<<<<<<<");
  await writeFile(join(path, "a.txt"), "both\n");
  const solved = await git.commitAll(path, "Solve", identity);
  expect((await git.changes(path, theirs, solved!)).map((change) => change.path)).toEqual(["a.txt"]);
  expect(await git.isAncestor(path, theirs, solved!)).toBe(true);
});

it("[G43] a snapshot holds every uncommitted file and moves nothing", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a", "b.txt": "b" } });
  const { path, base } = await worktreeOf(repository);
  expect(await git.snapshot(path, "Keep", identity)).toBeNull();
  await writeFile(join(path, "a.txt"), "staged");
  await runGit(path, "add", "a.txt");
  await writeFile(join(path, "new.txt"), "new");
  await rm(join(path, "b.txt"));
  await mkdir(join(path, "inner"));
  await runGit(join(path, "inner"), "init", "-q");
  const before = await runGit(path, "status", "--porcelain=v2", "--branch");
  const snapshot = await git.snapshot(path, "Keep", identity);
  expect(snapshot?.omitted).toEqual(["inner"]);
  expect((await git.snapshot(path, "Keep", identity))?.commit).toBe(snapshot!.commit);
  expect(await runGit(path, "status", "--porcelain=v2", "--branch")).toBe(before);
  const changes = await git.changes(path, base, snapshot!.commit);
  expect(changes.map((change) => `${change.kind} ${change.path}`).sort()).toEqual([
    "added new.txt",
    "deleted b.txt",
    "modified a.txt",
  ]);
});

it("[G44] raw bytes are never committed in the place of what a filter would store", async () => {
  await using repository = await createRepository({
    files: { ".gitattributes": "*.key filter=crypt\n*.x filter=none\n" },
  });
  await repository.git("config", "filter.crypt.clean", "cat");
  const { path } = await worktreeOf(repository);
  await writeFile(join(path, "plain.x"), "an attribute without a filter does nothing");
  await writeFile(join(path, "secret.key"), "secret");
  const attempt = git.commitAll(path, "Work", identity);
  await expect(attempt).rejects.toThrow(FilteredPathsError);
  await expect(attempt).rejects.toMatchObject({ paths: ["secret.key"] });
  expect(await git.resolve(path, "HEAD")).toBe(await repository.git("rev-parse", "main"));
});

it("[G45] what is left out of a commit stays in the worktree as it is, staged or not", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a", "b.txt": "b" } });
  const { path, base } = await worktreeOf(repository);
  for (const file of ["a.txt", "b.txt", "left[1].txt", "fix.txt"]) await writeFile(join(path, file), "new");
  await runGit(path, "add", "a.txt", "left[1].txt");
  const except = new Set(["a.txt", "left[1].txt"]);
  const head = await git.commitAll(path, "Fix", identity, { except });
  const changes = await git.changes(path, base, head!);
  expect(changes.map((change) => change.path).sort()).toEqual(["b.txt", "fix.txt"]);
  expect((await git.workState(path, base)).uncommitted.toSorted()).toEqual(["a.txt", "left[1].txt"]);
  expect(await readFile(join(path, "a.txt"), "utf8")).toBe("new");
  expect(await git.commitAll(path, "Fix", identity, { except })).toBeNull();
});

it("[Z34] what is not committed can be discarded, and ignored files stay", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a", ".gitignore": "kept/\n" } });
  const { path, base } = await worktreeOf(repository);
  await writeFile(join(path, "a.txt"), "changed");
  await writeFile(join(path, "new.txt"), "new");
  await mkdir(join(path, "kept"));
  await writeFile(join(path, "kept/file"), "kept");
  await mkdir(join(path, "inner"));
  await runGit(join(path, "inner"), "init", "--quiet");
  await git.discardUncommitted(path);
  expect((await git.workState(path, base)).uncommitted).toEqual([]);
  expect(await readFile(join(path, "a.txt"), "utf8")).toBe("a");
  expect(await readFile(join(path, "kept/file"), "utf8")).toBe("kept");
  await repository.git("worktree", "remove", path);
});
