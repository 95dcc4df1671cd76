import { expect, it } from "vitest";
import { parseObjectId } from "#lib/domain/ids.ts";
import { createRepository, type TestRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();
const identity = { name: "Ada Example", email: "ada@example.test" };

/** Two commits on `main` and `side` that both come from the first one. */
async function fork(
  repository: TestRepository,
  ours: Record<string, string>,
  theirs: Record<string, string>,
) {
  await repository.git("switch", "-q", "-c", "side");
  for (const [file, text] of Object.entries(theirs)) await repository.write(file, text);
  const side = parseObjectId(await repository.commit("theirs"));
  await repository.git("switch", "-q", "main");
  for (const [file, text] of Object.entries(ours)) await repository.write(file, text);
  const main = parseObjectId(await repository.commit("ours"));
  return { main, side };
}

it("[G50] a preview gives the tree that git's own merge makes, and touches no checkout", async () => {
  await using repository = await createRepository({ files: { "a.txt": "1\n2\n3\n4\n5\n", "b.txt": "b" } });
  const { main, side } = await fork(
    repository,
    { "a.txt": "one\n2\n3\n4\n5\n" },
    { "a.txt": "1\n2\n3\n4\nfive\n" },
  );
  const preview = await git.preview(repository.path, main, side);
  expect(await repository.git("status", "--porcelain")).toBe("");
  await repository.git("merge", "-q", "--no-ff", "-m", "oracle", "side");
  expect(preview).toEqual({ clean: true, tree: await repository.git("rev-parse", "HEAD^{tree}") });
});

it("[G51] a conflict names its files, whatever they are called", async () => {
  await using repository = await createRepository({ files: { "a b\nü": "0", ok: "0" } });
  const { main, side } = await fork(repository, { "a b\nü": "1" }, { "a b\nü": "2", ok: "2" });
  expect(await git.preview(repository.path, main, side)).toEqual({ clean: false, conflicts: ["a b\nü"] });
});

it("[G52] a folder that is kept as ours neither conflicts nor changes", async () => {
  await using repository = await createRepository({ files: { ".beads/issues.jsonl": "0", "a.txt": "a" } });
  const { main, side } = await fork(
    repository,
    { ".beads/issues.jsonl": "ours" },
    { ".beads/issues.jsonl": "theirs", ".beads/more": "theirs", "a.txt": "b" },
  );
  const preview = await git.preview(repository.path, main, side, { keepOurs: [".beads"] });
  if (!preview.clean) throw new Error("expected a clean merge");
  const order = {
    repository: repository.path,
    tree: preview.tree,
    parents: [main, side],
    message: "Merge",
    identity,
  };
  const commit = await git.commitTree(order);
  expect(await git.changes(repository.path, main, commit)).toEqual([
    { path: "a.txt", from: null, kind: "modified", added: 1, removed: 1 },
  ]);
  expect(await repository.git("log", "-1", "--format=%P|%an|%s", commit)).toBe(
    `${main} ${side}|Ada Example|Merge`,
  );
});

it("[G53] a refused merge is a failure and no conflict", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a" } });
  const { side } = await fork(repository, {}, { "a.txt": "theirs" });
  await repository.write("a.txt", "not committed");
  await expect(git.mergeInto(repository.path, side, "Merge", identity)).rejects.toThrow(
    "would be overwritten",
  );
});
