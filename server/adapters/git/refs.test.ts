import { join } from "node:path";
import { expect, it } from "vitest";
import { parseObjectId, parseSessionId } from "#lib/domain/ids.ts";
import { createRepository } from "../../../e2e/fixtures/repository.ts";
import { createGit } from "./git.ts";

const git = createGit();
const identity = { name: "Ada Example", email: "ada@example.test" };

it("[G30] eighteen landings at once all survive, each by its own compare-and-swap", async () => {
  await using repository = await createRepository();
  const base = parseObjectId(await repository.git("rev-parse", "HEAD"));
  const tree = parseObjectId(await repository.git("rev-parse", "HEAD^{tree}"));
  const land = async (n: number): Promise<void> => {
    const tip = (await git.resolve(repository.path, "main"))!;
    const order = { repository: repository.path, tree, parents: [tip], message: `Landing ${n}`, identity };
    const commit = await git.commitTree(order);
    if (!(await git.moveRef(repository.path, "refs/heads/main", commit, tip, "land"))) await land(n);
  };
  await Promise.all(Array.from({ length: 18 }, (_, n) => land(n)));
  const tip = (await git.resolve(repository.path, "main"))!;
  const subjects = (await git.commits(repository.path, base, tip, 100)).map(({ subject }) => subject);
  expect(new Set(subjects).size).toBe(18);
  // Up to 171 attempts of four processes each: seconds when idle, and tests share the machine.
}, 120_000);

it("[G31] a ref is made, moved and deleted only from where it was believed to be", async () => {
  await using repository = await createRepository();
  const one = parseObjectId(await repository.git("rev-parse", "HEAD"));
  const two = parseObjectId(await repository.commit("two"));
  const move = (to: typeof one | null, from: typeof one | null) =>
    git.moveRef(repository.path, "refs/amplify/x", to, from, "test\nwith a break");
  expect(await move(one, null)).toBe(true);
  expect(await move(two, null)).toBe(false);
  expect(await move(one, two)).toBe(false);
  expect(await move(two, one)).toBe(true);
  expect(await move(null, one)).toBe(false);
  expect(await move(null, two)).toBe(true);
  expect(await move(null, null)).toBe(true);
  expect(await git.refs(repository.path, "refs/amplify")).toEqual([]);
});

it("[G32] a branch that was turned into a link to another does not carry a move over to it", async () => {
  await using repository = await createRepository();
  const one = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.git("switch", "-q", "-c", "side");
  const two = parseObjectId(await repository.commit("two"));
  await repository.git("symbolic-ref", "refs/heads/amplify/x", "refs/heads/main");
  await git.moveRef(repository.path, "refs/heads/amplify/x", two, one, "test");
  expect(await git.resolve(repository.path, "main")).toBe(one);
});

it("[G33] a short name is a branch before it is a tag", async () => {
  await using repository = await createRepository();
  const one = await repository.git("rev-parse", "HEAD");
  await repository.git("branch", "amplify/x");
  await repository.commit("two");
  await repository.git("tag", "amplify/x");
  expect(await git.resolve(repository.path, "amplify/x")).toBe(one);
  expect(await git.resolve(repository.path, one)).toBe(one);
  expect(await git.resolve(repository.path, "none")).toBeNull();
});

it("[G34] an archived commit outlives its branch and a collection of garbage", async () => {
  await using repository = await createRepository();
  await repository.git("switch", "-q", "-c", "side");
  const lost = parseObjectId(await repository.commit("precious"));
  await repository.git("switch", "-q", "main");
  const session = parseSessionId("session-one-abc123");
  const ref = await git.archive(repository.path, session, lost, "test");
  expect(ref).toBe(`refs/amplify/archive/${session}/${lost}`);
  expect(await git.archive(repository.path, session, lost, "test")).toBe(ref);
  expect(await git.moveRef(repository.path, "refs/heads/side", null, lost, "done")).toBe(true);
  await repository.git("reflog", "expire", "--expire=now", "--all");
  await repository.git("gc", "--quiet", "--prune=now");
  expect(await git.resolve(repository.path, lost)).toBe(lost);
});

it("[G35] replacements and shallow histories do not change what a commit is", async () => {
  await using repository = await createRepository();
  const one = parseObjectId(await repository.git("rev-parse", "HEAD"));
  await repository.write("evil.txt", "evil");
  const two = parseObjectId(await repository.commit("two"));
  const forged = await repository.git("commit-tree", `${one}^{tree}`, "-p", one, "-m", "harmless");
  await repository.git("replace", two, forged);
  expect((await git.changes(repository.path, one, two)).map(({ path }) => path)).toEqual(["evil.txt"]);

  const shallow = join(repository.path, "..", "shallow");
  await repository.git("clone", "-q", "--depth=1", `file://${repository.path}`, shallow);
  expect(await git.isAncestor(shallow, two, two)).toBe(true);
  expect(await git.commits(shallow, two, two, 5)).toEqual([]);
});
