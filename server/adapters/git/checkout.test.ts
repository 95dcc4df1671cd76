import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseObjectId, type ObjectId } from "#lib/domain/ids.ts";
import { createRepository, runGit, type TestRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();

/** `main` checked out at the first commit; `next` changes `a.txt` and adds `new/file.txt`. */
async function behindByOne(): Promise<{ repository: TestRepository; from: ObjectId; to: ObjectId }> {
  const repository = await createRepository({
    files: { "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "*.env\n" },
  });
  const from = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.git("switch", "-q", "-c", "next");
  await repository.write("a.txt", "next\n");
  await repository.write("new/file.txt", "new\n");
  await repository.write("secret.env", "theirs\n");
  await repository.git("add", "--force", "secret.env");
  const to = parseObjectId(await repository.commit("next"));
  await repository.git("switch", "-q", "main");
  return { repository, from, to };
}

it("[G70] a fast-forward leaves what is uncommitted elsewhere byte for byte", async () => {
  const { repository, from, to } = await behindByOne();
  await using _ = repository;
  await repository.write("b.txt", "mine\n");
  await repository.write("untracked.txt", "mine too\n");
  expect(await git.checkoutOf(repository.path, "main", from, to)).toEqual({
    path: repository.path,
    obstacles: [],
  });
  expect(await git.fastForward(repository.path, "main", to)).toBe("moved");
  expect(await repository.git("rev-parse", "main")).toBe(to);
  expect(await readFile(join(repository.path, "a.txt"), "utf8")).toBe("next\n");
  expect(await repository.git("status", "--porcelain")).toBe("M b.txt\n?? untracked.txt");
  expect(await git.fastForward(repository.path, "main", to)).toBe("moved");
});

const overlaps: [kind: string, detail: string, prepare: (repository: TestRepository) => Promise<unknown>][] =
  [
    ["dirty-overlap", "a.txt", (repository) => repository.write("a.txt", "mine\n")],
    [
      "staged",
      "a.txt",
      async (repository) => {
        await repository.write("a.txt", "mine\n");
        await repository.git("add", "a.txt");
      },
    ],
    ["untracked-in-the-way", "new/file.txt", (repository) => repository.write("new/file.txt", "mine\n")],
    ["untracked-in-the-way", "new", (repository) => repository.write("new", "mine\n")],
    ["untracked-in-the-way", "secret.env", (repository) => repository.write("secret.env", "mine\n")],
    [
      "untracked-in-the-way",
      "new/file.txt/deep",
      (repository) => repository.write("new/file.txt/deep", "mine\n"),
    ],
    [
      "filtered",
      "a.txt",
      async (repository) => {
        await repository.git("config", "filter.crypt.smudge", "cat");
        await writeFile(join(repository.commonDir, "info", "attributes"), "a.txt filter=crypt\n");
      },
    ],
  ];

it.each(overlaps)("[G71] %s at %s is found, and nothing is touched", async (kind, detail, prepare) => {
  const { repository, from, to } = await behindByOne();
  await using _ = repository;
  await mkdir(join(repository.commonDir, "info"), { recursive: true });
  await prepare(repository);
  const before = await repository.git("status", "--porcelain", "--ignored");
  const { obstacles } = await git.checkoutOf(repository.path, "main", from, to);
  expect(obstacles).toEqual([{ kind, detail }]);
  expect(await git.fastForward(repository.path, "main", to)).toBe("in-the-way");
  expect(await repository.git("rev-parse", "main")).toBe(from);
  expect(await repository.git("status", "--porcelain", "--ignored")).toBe(before);
});

const operations: [name: string, begin: (repository: TestRepository) => Promise<unknown>][] = [
  ["a merge", (repository) => repository.git("merge", "other").catch(() => null)],
  ["a rebase", (repository) => repository.git("rebase", "other").catch(() => null)],
  ["a cherry-pick", (repository) => repository.git("cherry-pick", "other").catch(() => null)],
  ["a bisect", (repository) => repository.git("bisect", "start", "HEAD", "HEAD~1")],
];

it.each(operations)("[G72] %s in the checkout is an obstacle", async (name, begin) => {
  await using repository = await createRepository({ files: { "a.txt": "a\n", "x.txt": "x\n" } });
  await repository.git("switch", "-q", "-c", "other");
  await repository.write("x.txt", "other\n");
  await repository.commit("other");
  await repository.git("switch", "-q", "main");
  await repository.write("x.txt", "main\n");
  await repository.commit("between");
  const from = parseObjectId(await repository.commit("main"));
  const tree = parseObjectId(await repository.git("rev-parse", "HEAD^{tree}"));
  const identity = { name: "Ada Example", email: "ada@example.test" };
  const to = await git.commitTree({
    repository: repository.path,
    tree,
    parents: [from],
    message: "Next",
    identity,
  });
  await begin(repository);
  const facts = await git.checkoutOf(repository.path, "main", from, to);
  expect(facts.path).toBe(repository.path);
  expect(facts.obstacles[0]).toEqual({ kind: "operation-in-progress", detail: `${name} is under way` });
});

it("[G73] a branch that no checkout has can simply be moved", async () => {
  const { repository, from, to } = await behindByOne();
  await using _ = repository;
  await repository.git("switch", "-q", "--detach");
  expect(await git.checkoutOf(repository.path, "main", from, to)).toEqual({ path: null, obstacles: [] });
  const linked = join(repository.path, "..", "linked");
  await repository.git("worktree", "add", "-q", linked, "main");
  expect(await git.checkoutOf(repository.path, "main", from, to)).toEqual({ path: linked, obstacles: [] });
  expect(await git.fastForward(linked, "main", to)).toBe("moved");
  expect(await runGit(linked, "status", "--porcelain")).toBe("");
});
