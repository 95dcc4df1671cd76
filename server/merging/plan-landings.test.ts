import { expect, it, vi } from "vitest";
import { createLaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import type { LandingOrder, PlanOrder } from "./ports.ts";

vi.setConfig({ testTimeout: 120_000 });

const planOf = (orders: readonly LandingOrder[]): PlanOrder => ({
  repository: orders[0]!.repository,
  sessions: orders.map(({ session, approval, branch }) => ({ session, approval, branch, isOutdated: false })),
});

it("[M108] foresees each landing on the base and with every other, down to the lines, in the order that lands most", async () => {
  await using house = await createLaneHouse({
    files: { "a.txt": "1\n2\n3\n", "b.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" },
  });
  const both = await house.session("bd-1", {
    "a.txt": "1\nboth\n3\n",
    "b.txt": "both\n2\n3\n4\n5\n6\n7\n8\n9\n",
  });
  const one = await house.session("bd-2", { "a.txt": "1\none\n3\n" });
  const end = await house.session("bd-3", { "b.txt": "1\n2\n3\n4\n5\n6\n7\n8\nend\n" });
  const apart = await house.session("bd-4", { "c.txt": "c\n" });
  const plan = await startLanes(house).plan(planOf([both, one, end, apart]));

  expect(plan.entries.map(({ clean, files }) => [clean, files])).toEqual([
    [true, 2],
    [true, 1],
    [true, 1],
    [true, 1],
  ]);
  expect(plan.overlaps.map(({ a, b, kind, files }) => [a, b, kind, files])).toEqual([
    [both.session, one.session, "conflict", ["a.txt"]],
    [both.session, end.session, "shared", ["b.txt"]],
  ]);
  expect(plan.overlaps[0]?.conflicts).toMatchObject([
    { path: "a.txt", kind: "contents", hunks: [{ from: 2, to: 6 }] },
  ]);
  expect(plan.order).toEqual([
    { session: one.session, how: "at-once" },
    { session: end.session, how: "at-once" },
    { session: apart.session, how: "at-once" },
  ]);
  expect(plan.leftOut).toMatchObject([{ session: both.session, because: one.session }]);
});

it("[M109] looks at a pair once, however often it is asked, and again only at what a move of the base changed", async () => {
  await using house = await createLaneHouse();
  const orders = [
    await house.session("bd-1", { "a.txt": "one\n" }),
    await house.session("bd-2", { "a.txt": "two\n" }),
  ];
  let merges = 0;
  const git = new Proxy(house.deps.git, {
    get: (target, name, receiver) => {
      if (name === "preview" || name === "explainConflict") merges += 1;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const lanes = startLanes(house, { git });
  await lanes.plan(planOf(orders));
  const first = merges;
  await lanes.plan(planOf(orders));
  expect(merges).toBe(first);
  await house.repository.write("b.txt", "ours\n");
  await house.repository.commit("Ours");
  const moved = await lanes.plan(planOf(orders));
  expect(moved.base.tip).toBe(await house.tip());
  // Each on the new base; the pair is the same two commits.
  expect(merges - first).toBeLessThanOrEqual(2 * orders.length);
});

it("[M110] shows a conflict with the base by its lines, and a checkout that is in the way", async () => {
  await using house = await createLaneHouse();
  const conflicting = await house.session("bd-1", { "a.txt": "theirs\n" });
  const held = await house.session("bd-2", { "b.txt": "theirs\n" });
  await house.repository.write("a.txt", "ours\n");
  await house.repository.commit("Ours");
  await house.repository.write("b.txt", "not committed\n");
  const plan = await startLanes(house).plan(planOf([conflicting, held]));
  expect(plan.entries[0]).toMatchObject({
    clean: false,
    conflicts: [{ path: "a.txt", hunks: [{ from: 1, to: 5, ours: "ours", theirs: "theirs" }] }],
  });
  expect(plan.entries[1]?.obstacles.join()).toContain("b.txt");
  expect(plan.leftOut).toMatchObject([
    { session: conflicting.session, because: null, why: "It conflicts with main." },
  ]);
});
