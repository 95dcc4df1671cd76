import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { awaited, createLaneHouse, type LaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import { seeded } from "../../e2e/fixtures/seeded.ts";
import type { LandingOrder } from "./ports.ts";

// A group is some hundred runs of git, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

const names = Array.from({ length: 8 }, (_, n) => `part-${String(n)}.txt`);
const lines = (fill: string) => Array.from({ length: 12 }, (_, n) => `${fill} ${String(n)}\n`).join("");

/** Sessions that each change, add or remove a few files; some meet in the same file. */
async function group(house: LaneHouse, random: () => number): Promise<LandingOrder[]> {
  const orders: LandingOrder[] = [];
  const size = 5 + Math.floor(random() * 3);
  for (let n = 1; n <= size; n += 1) {
    const changes: Record<string, string | null> = { [`new-${String(n)}/file.txt`]: `${String(n)}\n` };
    for (const name of names.filter(() => random() < 0.2)) {
      changes[name] = random() < 0.2 ? null : lines(`session ${String(n)}`);
    }
    orders.push(await house.session(`bd-${String(n)}`, changes));
  }
  return orders;
}

/** What plain git makes of the same merges in the same order, in a clone of its own. */
async function oracle(
  clone: string,
  orders: readonly LandingOrder[],
): Promise<{ tree: string; clean: string[] }> {
  const clean: string[] = [];
  for (const { id, approval } of orders) {
    const merge = runGit(clone, "merge", "--quiet", "--no-ff", "-m", id, approval.head);
    if (
      await merge.then(
        () => true,
        () => false,
      )
    )
      clean.push(id);
    else await runGit(clone, "merge", "--abort");
  }
  return { tree: await runGit(clone, "rev-parse", "HEAD^{tree}"), clean };
}

const seed = Number(process.env["SEED"] ?? 20260101);

it.each([0, 1, 2])(
  `[M50] a group of five and more lands as plain git would have merged it (seed ${seed} + %i)`,
  async (n) => {
    const random = seeded(seed + n);
    await using house = await createLaneHouse({
      files: Object.fromEntries(names.map((name) => [name, lines("base")])),
    });
    const { repository } = house;
    const orders = await group(house, random);
    const clone = join(repository.path, "..", "oracle");
    await runGit(repository.path, "clone", "--quiet", "--no-local", repository.path, clone);
    await runGit(clone, "config", "user.name", "Oracle");
    await runGit(clone, "config", "user.email", "oracle@example.test");
    await runGit(clone, "fetch", "--quiet", "origin", "+refs/heads/amplify/*:refs/heads/amplify/*");

    const lanes = startLanes(house);
    const views = await Promise.all(orders.map((order) => lanes.land(order)));

    const landed = views.filter(({ status }) => status === "landed");
    const expected = await oracle(
      clone,
      orders.filter((_, at) => views[at]!.status === "landed"),
    );
    expect(expected.clean).toEqual(landed.map(({ id }) => id));
    expect(await repository.git("rev-parse", "main^{tree}")).toBe(expected.tree);
    for (const { commit } of landed) await repository.git("merge-base", "--is-ancestor", commit!, "main");
    expect(landed.length).toBeGreaterThan(1);
    expect(await repository.git("rev-list", "--first-parent", "--count", "main")).toBe(
      String(landed.length + 1),
    );
    expect(await repository.git("status", "--porcelain")).toBe("");

    // What stayed out did so for a reason: it shares a file with what landed before it.
    const touched = async (order: LandingOrder) =>
      (await repository.git("diff", "--name-only", order.approval.base, order.approval.head)).split("\n");
    for (const [at, view] of views.entries()) {
      if (view.status === "landed") continue;
      expect(["conflict", "base-moved"]).toContain(view.status);
      const own = await touched(orders[at]!);
      const before = await Promise.all(
        orders
          .slice(0, at)
          .filter((_, i) => views[i]!.status === "landed")
          .map(touched),
      );
      expect(before.flat().some((file) => own.includes(file))).toBe(true);
    }
  },
);

it("[M51] people who push to main while a group lands lose nothing, and neither does the group", async () => {
  await using house = await createLaneHouse();
  const { repository } = house;
  await repository.git("switch", "--quiet", "--detach");
  const orders: LandingOrder[] = [];
  for (let n = 1; n <= 5; n += 1) {
    orders.push(await house.session(`bd-${String(n)}`, { [`session-${String(n)}.txt`]: "s\n" }));
  }
  const clone = join(repository.path, "..", "outside");
  await runGit(repository.path, "clone", "--quiet", "--branch", "main", repository.path, clone);
  await runGit(clone, "config", "user.name", "Eve");
  await runGit(clone, "config", "user.email", "eve@example.test");
  const push = async (n: number): Promise<void> => {
    const file = `outside-${String(n)}.txt`;
    await writeFile(join(clone, file), "o\n");
    await runGit(clone, "add", "--all");
    await runGit(clone, "commit", "--quiet", "-m", file);
    while (
      !(await runGit(clone, "push", "--quiet", "origin", "main").then(
        () => true,
        () => false,
      ))
    ) {
      await runGit(clone, "pull", "--quiet", "--rebase", "origin", "main");
    }
  };
  const outside = (async () => {
    for (let n = 1; n <= 6; n += 1) await push(n);
  })();
  const lanes = startLanes(house);
  const views = await Promise.all(orders.map((order) => lanes.land(order)));
  await outside;

  const moved = views.filter(({ status }) => status !== "landed");
  expect(moved.map(({ status }) => status)).toEqual(moved.map(() => "base-moved"));
  const files = (await repository.git("ls-tree", "--name-only", "main")).split("\n");
  for (let n = 1; n <= 6; n += 1) expect(files).toContain(`outside-${String(n)}.txt`);
  for (const [at, view] of views.entries()) {
    expect(files.includes(`session-${String(at + 1)}.txt`)).toBe(view.status === "landed");
  }
});

it("[M52] the lanes of two repositories do not wait for each other", async () => {
  await using slow = await createLaneHouse();
  await using fast = await createLaneHouse();
  const [up, released] = [awaited(), join(slow.deps.scratchDir, "go")];
  const waiting = {
    ...(await slow.session("bd-1", { "one.txt": "1\n" })),
    gate: [{ name: "wait", command: `echo up; until test -e ${released}; do sleep 0.05; done` }],
  };
  const lanes = startLanes(slow, {
    runShell: (shell) => slow.deps.runShell({ ...shell, onOutput: () => up.happen() }),
  });
  const held = lanes.land(waiting);
  await up.happened;
  expect((await lanes.land(await fast.session("bd-2", { "one.txt": "1\n" }))).status).toBe("landed");
  expect((await slow.store.find(waiting.id))!.status).toBe("running");
  await writeFile(released, "");
  expect((await held).status).toBe("landed");
  await rm(released);
});
