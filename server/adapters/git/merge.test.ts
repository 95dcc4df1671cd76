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

it("[G100] a conflict is explained file by file, and what a file says by itself is no marker", async () => {
  const spoof = `<<<<<<< HEAD\nnot a marker\n=======\nnor this\n>>>>>>> main\n`;
  await using repository = await createRepository({
    files: { "a.txt": `1\n2\n3\n${spoof}`, "gone.txt": "x\n", "data.bin": "\0" },
  });
  const { main, side } = await fork(
    repository,
    { "a.txt": `1\nours\n3\n${spoof}`, "gone.txt": "edited\n", "data.bin": "\0ours", ".beads/x": "1" },
    { "a.txt": `1\ntheirs\n3\n${spoof}`, "data.bin": "\0theirs", ".beads/x": "2" },
  );
  await repository.git("switch", "-q", "side");
  await repository.git("rm", "-q", "gone.txt");
  const removed = parseObjectId(await repository.commit("Remove"));
  const conflicts = await git.explainConflict(repository.path, main, removed, { keepOurs: [".beads"] });
  expect(conflicts).toEqual([
    { path: "a.txt", kind: "contents", hunks: [{ from: 2, to: 6, ours: "ours", theirs: "theirs" }] },
    { path: "data.bin", kind: "binary", hunks: [] },
    { path: "gone.txt", kind: "modify/delete", hunks: [] },
  ]);
  expect(await git.explainConflict(repository.path, side, removed)).toEqual([]);
});

it("[G101] other repositories and files of Git LFS among the changes are noticed", async () => {
  await using repository = await createRepository({ files: { "a.txt": "1\n" } });
  const from = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.write("big.psd", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
  await repository.write("a.txt", "2\n");
  await repository.git("add", "--all");
  await repository.git("update-index", "--add", "--cacheinfo", `160000,${from},vendor/other`);
  await repository.git("commit", "-q", "-m", "Both");
  const to = parseObjectId(await repository.git("rev-parse", "HEAD"));
  expect(await git.specialChanges(repository.path, from, to)).toEqual({
    submodules: ["vendor/other"],
    lfs: ["big.psd"],
  });
});
