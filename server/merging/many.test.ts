import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { createLaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
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

const landings = Number(process.env["LANDINGS"] ?? 40);
const seed = Number(process.env["SEED"] ?? 20260301);

it(`[M124] ${landings} landings in groups of one to eight come to the tree that plain git makes, and lose nothing (seed ${seed})`, async () => {
  const random = seeded(seed);
  const files = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`shared-${n}.txt`, `base ${n}\n`]));
  await using house = await createLaneHouse({ files });
  const { repository } = house;
  const clone = join(repository.path, "..", "oracle");
  await runGit(repository.path, "clone", "--quiet", "--no-local", repository.path, clone);
  await runGit(clone, "config", "user.name", "Oracle");
  await runGit(clone, "config", "user.email", "oracle@example.test");
  const lanes = startLanes(house);
  let done = 0;
  let refused = 0;
  for (let group = 0; done < landings; group += 1) {
    const size = Math.min(landings - done, 1 + Math.floor(random() * 8));
    const orders: LandingOrder[] = [];
    for (let n = 0; n < size; n += 1) {
      const id = `bd-${group}-${n}`;
      const changes: Record<string, string | null> = { [`${id}/new.txt`]: `${id}\n` };
      // One in four meets the others in a shared file.
      if (random() < 0.25) changes[`shared-${Math.floor(random() * 6)}.txt`] = `${id}\n`;
      orders.push(await house.session(id, changes));
    }
    await runGit(clone, "fetch", "--quiet", "origin", "+refs/heads/amplify/*:refs/heads/amplify/*");
    const views = await Promise.all(orders.map((order) => lanes.land(order)));
    for (const [at, view] of views.entries()) {
      const { approval } = orders[at]!;
      if (view.status !== "landed") {
        expect(["conflict", "base-moved"]).toContain(view.status);
        refused += 1;
        continue;
      }
      await runGit(clone, "merge", "--quiet", "--no-ff", "-m", view.id, approval.head);
      const parents = (await repository.git("log", "-1", "--format=%P", view.commit!)).split(" ");
      expect(parents).toHaveLength(2);
      expect(parents[1]).toBe(approval.head);
    }
    done += size;
    expect(await repository.git("rev-parse", "main^{tree}")).toBe(
      await runGit(clone, "rev-parse", "HEAD^{tree}"),
    );
    for (const { status, commit } of views) {
      if (status === "landed") await repository.git("merge-base", "--is-ancestor", commit!, "main");
    }
    expect(await repository.git("status", "--porcelain")).toBe("");
  }
  expect(refused).toBeLessThan(landings / 2);
});
