import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { LandingView } from "#lib/contract/wire.ts";
import { parseObjectId } from "#lib/domain/ids.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { createLaneHouse, type LaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";

/** What the landing brings: `a.txt` changed, `old.txt` removed, `new/one.txt` added; `b.txt` and the rest are not in it. */
const brought = { "a.txt": "landed\n", "old.txt": null, "new/one.txt": "1\n" };
const files = { "a.txt": "a\n", "b.txt": "b\n", "old.txt": "old\n", ".gitignore": "*.log\n" };

/** What a person does in the checkout. */
interface Hands {
  readonly path: string;
  readonly git: (...args: string[]) => Promise<string>;
  readonly write: (file: string, text: string | Uint8Array) => Promise<void>;
  readonly commit: (message: string) => Promise<string>;
}

interface CheckoutState {
  readonly name: string;
  readonly makes: (repository: Hands) => Promise<unknown>;
  /** `brought`: landed, and the checkout shows it. `aside`: landed, and no file of the checkout moved. */
  readonly comes: "brought" | "aside" | "in-the-way";
  /** What the message names. */
  readonly names?: string;
}

const commitAside = async ({ git, write, commit }: Hands, file = "a.txt") => {
  await git("switch", "--quiet", "-c", "aside");
  await write(file, "aside\n");
  await commit("Aside");
  await git("switch", "--quiet", "main");
};
const failing = (call: Promise<unknown>) => call.catch(() => undefined);

const states: readonly CheckoutState[] = [
  { name: "clean", makes: () => Promise.resolve(), comes: "brought" },
  { name: "another file edited", makes: ({ write }) => write("b.txt", "mine\n"), comes: "brought" },
  {
    name: "another file deleted",
    makes: ({ git }) => git("rm", "--quiet", "--cached", "b.txt"),
    comes: "brought",
  },
  {
    name: "another file staged",
    makes: async ({ write, git }) => {
      await write("b.txt", "mine\n");
      await git("add", "b.txt");
    },
    comes: "brought",
  },
  {
    name: "another file staged and edited again",
    makes: async ({ write, git }) => {
      await write("b.txt", "staged\n");
      await git("add", "b.txt");
      await write("b.txt", "mine\n");
    },
    comes: "brought",
  },
  {
    name: "a new file staged elsewhere",
    makes: async ({ write, git }) => {
      await write("mine.txt", "mine\n");
      await git("add", "mine.txt");
    },
    comes: "brought",
  },
  {
    name: "an untracked file elsewhere",
    makes: ({ write }) => write("notes.txt", "mine\n"),
    comes: "brought",
  },
  {
    name: "an untracked file beside a new one",
    makes: ({ write }) => write("new/mine.txt", "mine\n"),
    comes: "brought",
  },
  { name: "an ignored file elsewhere", makes: ({ write }) => write("x.log", "mine\n"), comes: "brought" },
  {
    name: "an empty folder where one comes",
    makes: ({ path }) => mkdir(join(path, "new")),
    comes: "brought",
  },
  {
    name: "binary edits elsewhere",
    makes: ({ write }) => write("b.txt", Uint8Array.of(0, 255, 1)),
    comes: "brought",
  },
  {
    name: "a symbolic link elsewhere",
    makes: ({ path }) => symlink("b.txt", join(path, "link")),
    comes: "brought",
  },
  {
    name: "an edit marked assume-unchanged elsewhere",
    makes: async ({ write, git }) => {
      await git("update-index", "--assume-unchanged", "b.txt");
      await write("b.txt", "mine\n");
    },
    comes: "brought",
  },
  {
    name: "a touched but equal file",
    makes: ({ write }) => write("a.txt", "a\n"),
    comes: "brought",
  },
  {
    name: "a stash kept",
    makes: async ({ write, git }) => {
      await write("a.txt", "mine\n");
      await git("stash", "--quiet");
    },
    comes: "brought",
  },
  {
    name: "the same file edited",
    makes: ({ write }) => write("a.txt", "mine\n"),
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "the same file edited to what lands",
    makes: ({ write }) => write("a.txt", "landed\n"),
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "the same file staged",
    makes: async ({ write, git }) => {
      await write("a.txt", "mine\n");
      await git("add", "a.txt");
    },
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "the same file staged to what lands",
    makes: async ({ write, git }) => {
      await write("a.txt", "landed\n");
      await git("add", "a.txt");
    },
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "the same file removed",
    makes: ({ git }) => git("rm", "--quiet", "a.txt"),
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "the same file renamed",
    makes: ({ git }) => git("mv", "a.txt", "c.txt"),
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "the file that goes is edited",
    makes: ({ write }) => write("old.txt", "mine\n"),
    comes: "in-the-way",
    names: "old.txt",
  },
  {
    name: "the file that goes is staged",
    makes: async ({ write, git }) => {
      await write("old.txt", "mine\n");
      await git("add", "old.txt");
    },
    comes: "in-the-way",
    names: "old.txt",
  },
  {
    name: "an untracked file in the way",
    makes: ({ write }) => write("new/one.txt", "mine\n"),
    comes: "in-the-way",
    names: "new/one.txt",
  },
  {
    name: "an untracked equal file in the way",
    makes: ({ write }) => write("new/one.txt", "1\n"),
    comes: "in-the-way",
    names: "new/one.txt",
  },
  {
    name: "an ignored file in the way",
    makes: async ({ path, write }) => {
      await writeFile(join(path, ".git/info/exclude"), ".worktrees/\nnew/\n");
      await write("new/one.txt", "mine\n");
    },
    comes: "in-the-way",
    names: "new/one.txt",
  },
  {
    name: "a file where a folder comes",
    makes: ({ write }) => write("new", "mine\n"),
    comes: "in-the-way",
    names: "new",
  },
  {
    name: "a link where a folder comes",
    makes: ({ path }) => symlink("/nonexistent", join(path, "new")),
    comes: "in-the-way",
    names: "new",
  },
  {
    name: "a new file staged in the way",
    makes: async ({ write, git }) => {
      await write("new/one.txt", "mine\n");
      await git("add", "--all");
    },
    comes: "in-the-way",
    names: "new/one.txt",
  },
  {
    name: "the same file's mode changed and staged",
    makes: ({ git }) => git("update-index", "--chmod=+x", "a.txt"),
    comes: "in-the-way",
    names: "a.txt",
  },
  {
    name: "a merge in progress",
    makes: async (repository) => {
      await commitAside(repository);
      await repository.git("merge", "--no-ff", "--no-commit", "aside");
    },
    comes: "in-the-way",
    names: "merge",
  },
  {
    name: "a cherry-pick in progress",
    makes: async (repository) => {
      await commitAside(repository, "b.txt");
      await repository.write("b.txt", "other\n");
      await repository.commit("Other");
      await failing(repository.git("cherry-pick", "aside"));
    },
    comes: "in-the-way",
    names: "conflict|cherry-pick",
  },
  {
    name: "a rebase in progress",
    makes: async (repository) => {
      await commitAside(repository);
      await repository.write("b.txt", "other\n");
      await repository.commit("Other");
      await failing(repository.git("-c", "sequence.editor=sed -i s/^pick/edit/", "rebase", "-i", "HEAD~1"));
    },
    comes: "in-the-way",
    names: "rebase",
  },
  {
    name: "another git command at work",
    makes: ({ write }) => write(".git/index.lock", ""),
    comes: "in-the-way",
    names: "another git command",
  },
  {
    name: "another branch, clean",
    makes: ({ git }) => git("switch", "--quiet", "-c", "other"),
    comes: "aside",
  },
  {
    name: "another branch, the same file edited",
    makes: async ({ git, write }) => {
      await git("switch", "--quiet", "-c", "other");
      await write("a.txt", "mine\n");
    },
    comes: "aside",
  },
  {
    name: "another branch, in a merge",
    makes: async (repository) => {
      await commitAside(repository);
      await repository.git("switch", "--quiet", "-c", "other");
      await repository.git("merge", "--no-ff", "--no-commit", "aside");
    },
    comes: "aside",
  },
  { name: "detached, clean", makes: ({ git }) => git("switch", "--quiet", "--detach"), comes: "aside" },
  {
    name: "detached, the same file staged",
    makes: async ({ git, write }) => {
      await git("switch", "--quiet", "--detach");
      await write("a.txt", "mine\n");
      await git("add", "a.txt");
    },
    comes: "aside",
  },
  {
    name: "an orphan branch",
    makes: ({ git }) => git("switch", "--quiet", "--orphan", "empty"),
    comes: "aside",
  },
];

describe("[M20] a landing brings the main checkout along or leaves it byte for byte, and says which", () => {
  it.each(states)("$name: $comes", async ({ makes, comes, names }) => {
    await using house = await createLaneHouse({ files });
    const { repository } = house;
    const order = await prepared(house, makes);
    const [before, tip] = [await contentOf(repository.path), await house.tip()];
    const headBefore = await repository.git("symbolic-ref", "--quiet", "HEAD").catch(() => "detached");

    const view = await startLanes(house).land(order);

    const after = await contentOf(repository.path);
    expect(await repository.git("symbolic-ref", "--quiet", "HEAD").catch(() => "detached")).toBe(headBefore);
    if (comes === "in-the-way") {
      expect(view.status).toBe("checkout-in-the-way");
      expect(view.message).toMatch(new RegExp(names!));
      expect(await house.tip()).toBe(tip);
      expect(after).toEqual(before);
      expect(house.backlog.items.get("bd-1")!.status).toBe("in_progress");
      return;
    }
    await expectLanded(house, view, tip);
    const moved = comes === "brought" ? new Map([...before, ...landed]) : before;
    if (comes === "brought") moved.delete("old.txt");
    expect(after).toEqual(moved);
  });
});

it("[M21] a bare repository's base is moved by compare and swap", async () => {
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const order = await house.session("bd-1", brought);
  await repository.git("config", "core.bare", "true");
  const tip = await house.tip();
  const root = repository.commonDir;
  const view = await startLanes(house).land({ ...order, repository: { ...order.repository, root } });
  await expectLanded(house, view, tip);
});

it("[M22] a linked worktree that has the base is brought along; the main checkout is not touched", async () => {
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const order = await house.session("bd-1", brought);
  const linked = join(repository.path, "..", "linked");
  await repository.git("switch", "--quiet", "-c", "other");
  await repository.git("worktree", "add", "--quiet", linked, "main");
  await writeFile(join(linked, "b.txt"), "mine\n");
  const [before, tip] = [await contentOf(repository.path), await house.tip()];

  await expectLanded(house, await startLanes(house).land(order), tip);
  expect(await contentOf(repository.path)).toEqual(before);
  expect(await readFile(join(linked, "a.txt"), "utf8")).toBe("landed\n");
  expect(await runGit(linked, "status", "--porcelain")).toBe("M b.txt");
});

it("[M23] a linked worktree with an edit in the way holds the landing up", async () => {
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const order = await house.session("bd-1", brought);
  const linked = join(repository.path, "..", "linked");
  await repository.git("switch", "--quiet", "-c", "other");
  await repository.git("worktree", "add", "--quiet", linked, "main");
  await writeFile(join(linked, "a.txt"), "mine\n");
  const tip = await house.tip();

  const view = await startLanes(house).land(order);
  expect(view).toMatchObject({ status: "checkout-in-the-way", message: expect.stringContaining(linked) });
  expect(await house.tip()).toBe(tip);
  expect(await readFile(join(linked, "a.txt"), "utf8")).toBe("mine\n");
});

it("[M24] a checkout that got the base between the look and the swap is brought along all the same", async () => {
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const order = await house.session("bd-1", brought);
  await repository.git("switch", "--quiet", "--detach");
  const git = {
    ...house.deps.git,
    moveRef: async (...args: Parameters<typeof house.deps.git.moveRef>) => {
      if (args[1] === "refs/heads/main") await repository.git("switch", "--quiet", "main");
      return house.deps.git.moveRef(...args);
    },
  };
  expect((await startLanes(house, { git }).land(order)).status).toBe("landed");
  expect(await repository.git("status", "--porcelain")).toBe("");
  expect(await readFile(join(repository.path, "a.txt"), "utf8")).toBe("landed\n");
});

/** A repository that holds another one and files of Git LFS, and whose person has the filter of LFS. */
async function specialHouse(): Promise<LaneHouse> {
  const house = await createLaneHouse({ files: { ...files, ".gitattributes": "*.psd filter=lfs -text\n" } });
  const { repository } = house;
  await repository.git("config", "filter.lfs.clean", "sed s/shown/stored/");
  await repository.git("config", "filter.lfs.smudge", "sed s/stored/shown/");
  await repository.write(".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = ./x\n');
  await repository.write("big.psd", "shown\n");
  await repository.git("update-index", "--add", "--cacheinfo", `160000,${await house.tip()},x`);
  await mkdir(join(repository.path, "x"));
  await repository.commit("Submodule and LFS");
  expect(await repository.git("ls-files", "--stage", "x")).toMatch(/^160000/);
  return house;
}

it("[M25] a change that leaves submodules and files of Git LFS alone lands where they are checked out", async () => {
  await using house = await specialHouse();
  const { repository } = house;
  const order = await house.session("bd-1", brought);
  expect((await startLanes(house).preview(order)).obstacles).toEqual([]);
  const tip = await house.tip();
  await expectLanded(house, await startLanes(house).land(order), tip);
  expect(await readFile(join(repository.path, "a.txt"), "utf8")).toBe("landed\n");
  expect(await readFile(join(repository.path, "big.psd"), "utf8")).toBe("shown\n");
  expect(await repository.git("status", "--porcelain")).toBe("");
});

it.each([
  ["a submodule", "x is a submodule"],
  ["a file of Git LFS", "big.psd goes through a filter"],
])("[M138] a change of %s is foreseen and left to the person's own git", async (what, named) => {
  await using house = await specialHouse();
  const { repository } = house;
  const order = await house.session("bd-1", what === "a submodule" ? {} : { "big.psd": "stored twice\n" });
  if (what === "a submodule") {
    await runGit(order.worktree, "update-index", "--cacheinfo", "160000", order.approval.head, "x");
    await runGit(order.worktree, "commit", "--quiet", "-m", "Take another commit of it");
  }
  const head = parseObjectId(await runGit(order.worktree, "rev-parse", "HEAD"));
  const changed = { ...order, approval: { ...order.approval, head } };
  expect((await startLanes(house).preview(changed)).obstacles.join()).toContain(named);
  const tip = await house.tip();
  const view = await startLanes(house).land(changed);
  expect(view).toMatchObject({ status: "checkout-in-the-way", message: expect.stringContaining(named) });
  expect(view.message).toContain("Only your own git");
  expect(await house.tip()).toBe(tip);
  expect(await repository.git("status", "--porcelain")).toBe("");
});

it("[M139] a checkout that left the base between the look and the fast-forward keeps its own branch as it was", async () => {
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const order = await house.session("bd-1", brought);
  const tip = await house.tip();
  const before = await contentOf(repository.path);
  const git = {
    ...house.deps.git,
    async fastForward(...args: Parameters<typeof house.deps.git.fastForward>) {
      await repository.git("switch", "--quiet", "-c", "mine");
      return house.deps.git.fastForward(...args);
    },
  };
  await expectLanded(house, await startLanes(house, { git }).land(order), tip);
  expect(await repository.git("rev-parse", "mine")).toBe(tip);
  expect(await contentOf(repository.path)).toEqual(before);
});

/** The session is approved on the commit that the state's own commits led to. */
async function prepared(house: LaneHouse, makes: CheckoutState["makes"]) {
  const order = await house.session("bd-1", brought);
  await makes(house.repository);
  return order;
}

async function expectLanded(house: LaneHouse, view: LandingView, tip: string): Promise<void> {
  expect([view.status, view.message]).toEqual(["landed", "Merged to main."]);
  const parents = (await house.repository.git("log", "-1", "--format=%P", "main")).split(" ");
  expect(parents[0]).toBe(tip);
  expect(parents).toHaveLength(2);
  expect(await house.repository.git("show", "main:a.txt")).toBe("landed");
}

const landed = new Map([
  ["a.txt", digest("landed\n")],
  ["new/one.txt", digest("1\n")],
]);

/** Every file and link of a checkout by its content; git's own folder and our worktrees aside. */
async function contentOf(root: string): Promise<Map<string, string>> {
  const content = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (/^(\.git|\.worktrees)(\/|$)/.test(name) || entry.isDirectory()) continue;
    const { mode } = await lstat(path);
    content.set(
      name,
      entry.isSymbolicLink() ? `-> ${await readlink(path)}` : digest(await readFile(path), mode & 0o111),
    );
  }
  return content;
}

function digest(content: string | Uint8Array, executable = 0): string {
  return createHash("sha256").update(content).digest("hex") + (executable === 0 ? "" : " x");
}
