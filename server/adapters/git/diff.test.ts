import { expect, it } from "vitest";
import { parseObjectId } from "#lib/domain/ids.ts";
import { createRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();

it("[G60] changes come with kind, names and counts; binary files have no counts", async () => {
  await using repository = await createRepository({ files: { "old name.txt": "1\n2\n3\n4\n", gone: "x\n" } });
  const from = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.git("mv", "old name.txt", "new\tname.txt");
  await repository.git("rm", "-q", "gone");
  await repository.write("image.bin", new Uint8Array([0, 1, 2]));
  await repository.write(":colon", "1\n2\n");
  const to = parseObjectId(await repository.commit("change"));
  const changes = await git.changes(repository.path, from, to);
  expect(new Set(changes)).toEqual(
    new Set([
      { path: ":colon", from: null, kind: "added", added: 2, removed: 0 },
      { path: "gone", from: null, kind: "deleted", added: 0, removed: 1 },
      { path: "image.bin", from: null, kind: "added", added: null, removed: null },
      { path: "new\tname.txt", from: "old name.txt", kind: "renamed", added: 0, removed: 0 },
    ]),
  );
  expect(await git.changes(repository.path, to, to)).toEqual([]);
});

it("[G61] a diff is cut at a line, never inside a character, and says so", async () => {
  await using repository = await createRepository({ files: {} });
  const from = parseObjectId(await repository.commit("empty"));
  await repository.write("long.txt", "ü".repeat(3_000_000));
  await repository.write("many.txt", "line\n".repeat(2_000_000));
  const to = parseObjectId(await repository.commit("big"));
  for (const limitBytes of [0, 1, 200, 4001, 4002, 100_000]) {
    const { text, truncated } = await git.diff(repository.path, from, to, { limitBytes });
    expect(truncated).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limitBytes);
    expect(text).not.toContain("\uFFFD");
  }
  const some = await git.diff(repository.path, from, to, { limitBytes: 100_000, paths: ["many.txt"] });
  expect(some.text.endsWith("\n")).toBe(true);
});

it("[G62] attributes that a commit brings along cannot hide a change from its diff", async () => {
  await using repository = await createRepository({ files: { "a.txt": "a\n" } });
  const from = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.write(".gitattributes", "* -diff\n");
  await repository.write("a.txt", "hidden?\n");
  const to = parseObjectId(await repository.commit("hide"));
  const { text, truncated } = await git.diff(repository.path, from, to, {
    limitBytes: 10_000,
    paths: ["a.txt"],
  });
  expect(text).toContain("+hidden?");
  expect(truncated).toBe(false);
});
