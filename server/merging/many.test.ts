import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { dying } from "../../e2e/fixtures/dying.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { createLaneHouse, type LaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import type { LandingOrder } from "./ports.ts";
import { seeded } from "../../e2e/fixtures/seeded.ts";

// Hundreds of landings are some ten thousand runs of git.
vi.setConfig({ testTimeout: 30 * 60_000 });

it("[M123] eighteen landings that are ordered at once all land", async () => {
  await using house = await createLaneHouse();
  const orders: LandingOrder[] = [];
  for (let n = 1; n <= 18; n += 1)
    orders.push(await house.session(`bd-${n}`, { [`file-${n}.txt`]: `${n}\n` }));
  const lanes = startLanes(house);
  const views = await Promise.all(orders.map((order) => lanes.land(order)));
  expect(views.map(({ status }) => status)).toEqual(orders.map(() => "landed"));
  for (const { approval } of orders) {
    await house.repository.git("merge-base", "--is-ancestor", approval.head, "main");
  }
  expect(await house.repository.git("status", "--porcelain")).toBe("");
});

const landings = Number(process.env["LANDINGS"] ?? 200);
const killed = Number(process.env["KILLED"] ?? 20);
const seed = Number(process.env["SEED"] ?? 20260301);
/** Repositories that land side by side. */
const sideBySide = 4;

/** Counts only what has landed; resolves to how many were refused besides. */
async function landMany(wanted: number, random: () => number, isKilled: boolean): Promise<number> {
  const files = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`shared-${n}.txt`, `base ${n}\n`]));
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const clone = join(repository.path, "..", "oracle");
  await runGit(repository.path, "clone", "--quiet", "--no-local", repository.path, clone);
  await runGit(clone, "config", "user.name", "Oracle");
  await runGit(clone, "config", "user.email", "oracle@example.test");
  let landed = 0;
  let refused = 0;
  for (let group = 0; landed < wanted; group += 1) {
    const size = Math.min(wanted - landed, 1 + Math.floor(random() * 8));
    const orders: LandingOrder[] = [];
    for (let n = 0; n < size; n += 1) {
      const id = `bd-${group}-${n}`;
      const changes: Record<string, string | null> = { [`${id}/new.txt`]: `${id}\n` };
      // One in four meets the others in a shared file.
      if (random() < 0.25) changes[`shared-${Math.floor(random() * 6)}.txt`] = `${id}\n`;
      orders.push(await house.session(id, changes));
    }
    await runGit(clone, "fetch", "--quiet", "origin", "+refs/heads/amplify/*:refs/heads/amplify/*");
    const tip = await house.tip();
    if (isKilled) await landDying(house, orders, 1 + Math.floor(random() * 70 * size));
    const lanes = startLanes(house);
    const views = await Promise.all(orders.map((order) => lanes.land(order)));

    const heads: string[] = [];
    for (const [at, { status, commit }] of views.entries()) {
      const { approval, item } = orders[at]!;
      expect([item.id, house.backlog.items.get(item.id)?.closes.length]).toEqual([
        item.id,
        status === "landed" ? 1 : 0,
      ]);
      if (status === "landed") heads.push(approval.head);
      else expect(["conflict", "base-moved"]).toContain(status);
      if (status === "landed") await repository.git("merge-base", "--is-ancestor", commit!, "main");
    }
    // Plain git makes the same merges, in the order in which main says that they came.
    const log = await repository.git("log", "--first-parent", "--reverse", "--format=%P", `${tip}..main`);
    const merged = log === "" ? [] : log.split("\n").map((parents) => parents.split(" "));
    expect(merged.map(([, head]) => head).sort()).toEqual(heads.sort());
    for (const [, head] of merged) await runGit(clone, "merge", "--quiet", "--no-ff", "-m", "Merge", head!);
    expect(await repository.git("rev-parse", "main^{tree}")).toBe(
      await runGit(clone, "rev-parse", "HEAD^{tree}"),
    );
    expect(await repository.git("status", "--porcelain")).toBe("");
    expect(await repository.git("for-each-ref", "refs/amplify/landing")).toBe("");
    landed += heads.length;
    refused += views.length - heads.length;
  }
  return refused;
}

/** The group's server dies at this moment of it, and the next one goes on from what it finds. */
async function landDying(house: LaneHouse, orders: readonly LandingOrder[], moment: number): Promise<void> {
  const dead = startLanes(house, dying(house.deps, moment).deps);
  await Promise.allSettled(orders.map((order) => dead.land(order)));
  await startLanes(house).resume();
}

/** As many landings over the repositories together. */
async function landSideBySide(count: number, isKilled: boolean): Promise<void> {
  const shares = Array.from({ length: sideBySide }, (_, n) => Math.floor((count + n) / sideBySide));
  const refused = await Promise.all(shares.map((share, n) => landMany(share, seeded(seed + n), isKilled)));
  expect(refused.reduce((sum, each) => sum + each, 0)).toBeLessThan(count);
}

it(`[M124] ${landings} landings in groups of one to eight come to the tree that plain git makes, and lose nothing (seed ${seed})`, () =>
  landSideBySide(landings, false));

it(`[M147] ${killed} landings in groups whose server is killed in the midst of them come to the same, each exactly once (seed ${seed})`, () =>
  landSideBySide(killed, true));
