import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { dying, KilledError } from "../../e2e/fixtures/dying.ts";
import { awaited, createLaneHouse, type LaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import type { Landing, LandingOrder, LandingStore } from "./ports.ts";

/** Every moment with `KILL_EVERY=1`; else one in seven, another seventh each day. */
const stride = Number(process.env["KILL_EVERY"] ?? 7);
const first = 1 + (Number(process.env["KILL_FROM"] ?? Math.floor(Date.now() / 86_400_000)) % stride);

/** Kills a landing at its moments in turn, every time in the next session of the same repository. */
async function killEverywhere(
  house: LaneHouse,
  order: (n: number) => Promise<LandingOrder>,
  check: (order: LandingOrder) => Promise<void>,
): Promise<number> {
  for (let at = first; ; at += stride) {
    const next = await order(at);
    const server = dying(house.deps, at);
    const died = await startLanes(house, server.deps)
      .land(next)
      .then(
        () => false,
        () => true,
      );
    await startLanes(house).resume();
    // Killed before it was written down: nothing happened, and the person's click can be repeated.
    if ((await house.store.find(next.id)) === null) await startLanes(house).land(next);
    await check(next).catch((error: unknown) => {
      throw new Error(`Killed at moment ${at} (KILL_EVERY=${stride} KILL_FROM=${first - 1})`, {
        cause: error,
      });
    });
    if (!died) return at;
  }
}

async function expectWhole(house: LaneHouse, order: LandingOrder, file: string): Promise<void> {
  const { repository } = house;
  const landing = await house.store.find(order.id);
  expect([landing?.status, landing?.step, landing?.journal.warnings]).toEqual(["landed", "cleaned", []]);
  expect(await repository.git("log", "-1", "--format=%s", "main")).toBe(
    `Merge ${order.item.id}: Do what ${order.item.id} asks`,
  );
  const merges = await repository.git("log", "--merges", "--format=%s", "main");
  expect(merges.split("\n").filter((subject) => subject.includes(`${order.item.id}:`))).toHaveLength(1);
  expect(await repository.git("show", `main:${file}`)).toBe("landed");
  expect(await repository.git("status", "--porcelain")).toBe("");
  expect(await repository.git("branch", "--list", "amplify/*")).toBe("");
  expect(await repository.git("for-each-ref", "refs/amplify/landing")).toBe("");
  expect((await repository.git("worktree", "list")).split("\n")).toHaveLength(1);
  const item = house.backlog.items.get(order.item.id)!;
  expect([item.status, item.closes.length]).toEqual(["closed", 1]);
  expect(house.told.filter(({ view }) => view.id === order.id).at(-1)?.view.status).toBe("landed");
}

it("[M30] killed at any moment, a landing into a checkout is completed by the next server, exactly once", async () => {
  await using house = await createLaneHouse();
  const moments = await killEverywhere(
    house,
    (n) => house.session(`bd-${n}`, { [`file-${n}.txt`]: "landed\n" }),
    (order) => expectWhole(house, order, `file-${order.item.id.slice(3)}.txt`),
  );
  expect(moments).toBeGreaterThan(40);
}, 900_000);

it("[M31] killed at any moment, a landing without a checkout and with a gate is completed exactly once", async () => {
  await using house = await createLaneHouse();
  await house.repository.git("switch", "--quiet", "--detach");
  const moments = await killEverywhere(
    house,
    async (n) => ({
      ...(await house.session(`bd-${n}`, { [`file-${n}.txt`]: "landed\n" })),
      gate: [{ name: "test", command: "test -e a.txt" }],
    }),
    (order) => expectWhole(house, order, `file-${order.item.id.slice(3)}.txt`),
  );
  expect(moments).toBeGreaterThan(40);
}, 900_000);

it("[M32] killed at any moment, a landing that cannot land leaves no trace", async () => {
  await using house = await createLaneHouse();
  const { repository } = house;
  const order = await house.session("bd-1", { "b.txt": "landed\n" });
  await repository.write("b.txt", "mine\n");
  const before = await repository.git("show-ref");
  let n = 0;
  await killEverywhere(
    house,
    () => Promise.resolve({ ...order, id: `landing-${String((n += 1))}` }),
    async ({ id }) => {
      const landing = await house.store.find(id);
      if (landing !== null) expect(landing.status).toBe("checkout-in-the-way");
      expect(await repository.git("show-ref")).toBe(before);
      expect(await repository.git("status", "--porcelain")).toBe("M b.txt");
      expect(house.backlog.items.get("bd-1")).toEqual({ status: "in_progress", closes: [] });
    },
  );
}, 900_000);

/** The server that dies together with its git: the landing's end is never written down. */
function dyingAtTheEnd({ store }: LaneHouse): LandingStore {
  return {
    ...store,
    async save(landing) {
      if (landing.journal.outcome !== null) throw new KilledError();
      await store.save(landing);
    },
  };
}

const landedFiles = {
  "a.txt": "landed\n",
  "gone.txt": null,
  "new/one.txt": "one\n",
  "z.txt": "landed, longer\n",
};

/** What a git leaves that is killed in a fast-forward: some files of the merge, an index of before, its lock. */
type Rest = (checkout: string) => Promise<void>;
const rests: readonly { name: string; leaves: Rest; lock?: false }[] = [
  { name: "the lock alone", leaves: () => Promise.resolve() },
  { name: "one file written", leaves: (at) => writeFile(join(at, "a.txt"), "landed\n") },
  { name: "a file half written", leaves: (at) => writeFile(join(at, "z.txt"), "landed, lo") },
  { name: "a new file half written", leaves: (at) => writeNew(at, "on") },
  { name: "a file taken away before its writing", leaves: (at) => rm(join(at, "z.txt")) },
  {
    name: "files and index written, the ref not",
    lock: false,
    leaves: async (at) => {
      const commit = await runGit(at, "for-each-ref", "--format=%(objectname)", "refs/amplify/landing");
      await runGit(at, "read-tree", "-m", "-u", "HEAD", commit);
    },
  },
  {
    name: "every file written",
    async leaves(at) {
      await writeFile(join(at, "a.txt"), "landed\n");
      await writeFile(join(at, "z.txt"), "landed, longer\n");
      await rm(join(at, "gone.txt"));
      await writeNew(at, "one\n");
    },
  },
];

/** A lock that nobody holds any more. */
async function leaveLock(file: string): Promise<void> {
  await writeFile(file, "DIRC");
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(file, longAgo, longAgo);
}

async function writeNew(checkout: string, text: string): Promise<void> {
  await mkdir(join(checkout, "new"));
  await writeFile(join(checkout, "new/one.txt"), text);
}

it.each(rests)(
  "[M33] a git that died in the fast-forward ($name) is mended, and edits elsewhere stay",
  async ({ leaves, lock = true }) => {
    await using house = await createLaneHouse({
      files: { "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "x\n", "z.txt": "z\n" },
    });
    const { repository } = house;
    const order = await house.session("bd-1", landedFiles);
    await repository.write("b.txt", "mine\n");
    await repository.write("untracked.txt", "mine\n");
    const git = { ...house.deps.git, fastForward: () => Promise.reject(new KilledError()) };
    await expect(startLanes(house, { git, store: dyingAtTheEnd(house) }).land(order)).rejects.toThrow(
      KilledError,
    );
    expect((await house.store.find(order.id))!.journal.moving).toEqual({ checkout: repository.path });
    await leaves(repository.path);
    if (lock) await leaveLock(join(repository.commonDir, "index.lock"));

    await startLanes(house).resume();
    expect(await house.store.find(order.id)).toMatchObject({ status: "landed", journal: { warnings: [] } });
    expect(await repository.git("status", "--porcelain")).toBe("M b.txt\n?? untracked.txt");
    expect(await repository.git("show", "main:z.txt")).toBe("landed, longer");
    expect(await repository.git("diff", "--stat", "HEAD", "--", "a.txt", "z.txt", "new", "gone.txt")).toBe(
      "",
    );
  },
);

it("[M140] a checkout that a person switched to another branch after a cut-off landing is left alone, and told", async () => {
  await using house = await createLaneHouse({ files: { "a.txt": "a\n", "z.txt": "z\n" } });
  const { repository } = house;
  const order = await house.session("bd-1", { "a.txt": "landed\n", "z.txt": "landed\n" });
  const tip = await house.tip();
  const git = { ...house.deps.git, fastForward: () => Promise.reject(new KilledError()) };
  await expect(startLanes(house, { git, store: dyingAtTheEnd(house) }).land(order)).rejects.toThrow(
    KilledError,
  );
  await writeFile(join(repository.path, "a.txt"), "landed\n");
  await repository.git("switch", "--quiet", "-c", "mine");
  await repository.write("z.txt", "mine\n");
  await repository.git("add", "z.txt");
  const index = await repository.git("ls-files", "--stage");

  await startLanes(house).resume();
  const landing = await house.store.find(order.id);
  expect(landing).toMatchObject({ status: "landed" });
  expect(landing?.journal.warnings.join()).toContain("has another branch by now");
  expect(await repository.git("rev-parse", "mine")).toBe(tip);
  expect(await repository.git("ls-files", "--stage")).toBe(index);
  expect(await repository.git("status", "--porcelain")).toBe("M a.txt\nM  z.txt");
});

it("[M34] a fast-forward of a dead server that still runs is waited for", async () => {
  await using house = await createLaneHouse();
  const order = await house.session("bd-1", { "a.txt": "landed\n" });
  const git = { ...house.deps.git, fastForward: () => Promise.reject(new KilledError()) };
  await expect(startLanes(house, { git, store: dyingAtTheEnd(house) }).land(order)).rejects.toThrow(
    KilledError,
  );
  const lock = join(house.repository.commonDir, "index.lock");
  await writeFile(lock, "");

  const lanes = startLanes(house);
  await lanes.resume();
  expect(await house.store.find(order.id)).toMatchObject({ status: "running", step: "gated" });
  expect(house.clock.pending).toHaveLength(1);
  await rm(lock);
  house.clock.pending.shift()!.call();
  expect(await lanes.land(order)).toMatchObject({ status: "landed" });
});

/** A landing whose server died in the fast-forward, with a git that still seems to be at work there. */
async function cutOff(house: LaneHouse): Promise<{ order: LandingOrder; lock: string }> {
  const order = await house.session("bd-1", { "a.txt": "landed\n" });
  const git = { ...house.deps.git, fastForward: () => Promise.reject(new KilledError()) };
  await expect(startLanes(house, { git, store: dyingAtTheEnd(house) }).land(order)).rejects.toThrow(
    KilledError,
  );
  const lock = join(house.repository.commonDir, "index.lock");
  await writeFile(join(house.repository.path, "a.txt"), "landed\n");
  await writeFile(lock, "");
  return { order, lock };
}

it("[M152] a landing that waits to mend a cut-off fast-forward is cancelled once its files are taken back", async () => {
  await using house = await createLaneHouse();
  const { order, lock } = await cutOff(house);
  const tip = await house.tip();
  const lanes = startLanes(house);
  await lanes.resume();

  // Not while that git may be at work; the wish is kept for the next try.
  expect(await lanes.cancel(order.id)).toBe(false);
  expect(await house.store.find(order.id)).toMatchObject({ status: "running", step: "gated" });
  expect(await readFile(join(house.repository.path, "a.txt"), "utf8")).toBe("landed\n");
  await leaveLock(lock);
  house.clock.pending.shift()!.call();
  expect(await lanes.land(order)).toMatchObject({ status: "cancelled" });
  expect(house.clock.pending).toEqual([]);
  expect(await house.repository.git("status", "--porcelain")).toBe("");
  expect(await house.tip()).toBe(tip);
});

it("[M152] a cancel that comes in the wait takes the files back at once, and none comes after the move", async () => {
  await using house = await createLaneHouse();
  const { order, lock } = await cutOff(house);
  const lanes = startLanes(house);
  await lanes.resume();
  await leaveLock(lock);
  expect(await lanes.cancel(order.id)).toBe(true);
  expect(await house.repository.git("status", "--porcelain")).toBe("");

  const started = awaited();
  const moved = await house.session("bd-2", { "two.txt": "2\n" });
  const git = {
    ...house.deps.git,
    async fastForward(...args: Parameters<typeof house.deps.git.fastForward>): Promise<never> {
      await house.deps.git.fastForward(...args);
      throw new KilledError();
    },
  };
  const store = {
    ...house.store,
    save: (landing: Landing) =>
      landing.journal.trouble !== null ? Promise.reject(new KilledError()) : house.store.save(landing),
  };
  await expect(startLanes(house, { git, store }).land(moved)).rejects.toThrow(KilledError);
  expect(await house.store.find(moved.id)).toMatchObject({ status: "running", step: "gated" });
  const ahead = {
    ...(await house.session("bd-3", { "three.txt": "3\n" })),
    gate: [{ name: "hang", command: "echo up; exec sleep 600" }],
  };
  const next = startLanes(house, {
    runShell: (shell) => house.deps.runShell({ ...shell, onOutput: () => started.happen() }),
  });
  const landings = [next.land(ahead), next.land(moved)];
  await started.happened;
  const cancels = [next.cancel(moved.id), next.cancel(ahead.id)];
  expect(await Promise.all(cancels)).toEqual([false, true]);
  expect((await Promise.all(landings)).map(({ status }) => status)).toEqual(["cancelled", "landed"]);
  expect(await house.repository.git("status", "--porcelain")).toBe("");
});

it("[M35] the lock that a dead git left on the base is taken away, and only then", async () => {
  await using house = await createLaneHouse();
  await house.repository.git("switch", "--quiet", "--detach");
  const order = await house.session("bd-1", { "a.txt": "landed\n" });
  const git = {
    ...house.deps.git,
    moveRef: (...args: Parameters<typeof house.deps.git.moveRef>) =>
      args[1] === "refs/heads/main" ? Promise.reject(new KilledError()) : house.deps.git.moveRef(...args),
  };
  await expect(startLanes(house, { git, store: dyingAtTheEnd(house) }).land(order)).rejects.toThrow(
    KilledError,
  );
  await leaveLock(join(house.repository.commonDir, "refs/heads/main.lock"));

  await startLanes(house).resume();
  expect(await house.store.find(order.id)).toMatchObject({ status: "landed" });
});
