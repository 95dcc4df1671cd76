import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createLaneHouse, type LaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";
import type { LandingOrder, Merging } from "./ports.ts";

vi.setConfig({ testTimeout: 120_000 });

async function revertOf(
  lanes: Merging,
  order: LandingOrder,
  commit: LandingOrder["approval"]["head"] | null,
) {
  const span = await lanes.spanOf({ repository: order.repository, approval: order.approval, commit });
  return {
    ...order,
    id: `revert-${order.id}`.slice(0, 60),
    undo: { ...span!, reason: "It broke\nthe login" },
  };
}

async function landed(house: LaneHouse, lanes: Merging, item: string, files: Record<string, string | null>) {
  const order = await house.session(item, files);
  const view = await lanes.land(order);
  expect(view.status).toBe("landed");
  return { order, commit: view.commit! };
}

it("[M111] takes a merge back by one commit on top of later work, brings the checkout along and opens the item again", async () => {
  await using house = await createLaneHouse();
  const { repository, backlog } = house;
  const lanes = startLanes(house);
  const first = await landed(house, lanes, "bd-1", { "a.txt": "changed\n", "one.txt": "1\n" });
  await landed(house, lanes, "bd-2", { "two.txt": "2\n" });
  const before = await house.tip();
  await repository.write("b.txt", "mine\n");

  const view = await lanes.land(await revertOf(lanes, first.order, first.commit));
  expect(view).toMatchObject({ kind: "revert", status: "landed", message: "Taken back from main." });
  expect(await repository.git("log", "-1", "--format=%P", "main")).toBe(before);
  expect(await repository.git("log", "-1", "--format=%B", "main")).toContain(
    `Revert "Merge bd-1: Do what bd-1 asks"\n\nThis takes back ${first.commit}.\n\nThe reason: It broke the login`,
  );
  expect((await repository.git("ls-tree", "-r", "--name-only", "main")).split("\n")).toEqual([
    "a.txt",
    "b.txt",
    "two.txt",
  ]);
  expect(await readFile(join(repository.path, "a.txt"), "utf8")).toBe("a\n");
  expect(await readFile(join(repository.path, "b.txt"), "utf8")).toBe("mine\n");
  expect(backlog.items.get("bd-1")?.status).toBe("open");
  expect(await repository.git("for-each-ref", "refs/amplify/landing")).toBe("");
  // The same as git's own revert of the merge.
  await repository.git("stash", "--quiet");
  await repository.git("switch", "--quiet", "--detach", before);
  await repository.git("revert", "--no-edit", "-m", "1", first.commit);
  expect(await repository.git("rev-parse", "HEAD^{tree}")).toBe(
    await repository.git("rev-parse", "main^{tree}"),
  );
});

it("[M112] a revert that later work builds on is refused with the files and the command, and changes nothing", async () => {
  await using house = await createLaneHouse();
  const lanes = startLanes(house);
  const first = await landed(house, lanes, "bd-1", { "a.txt": "changed\n" });
  await landed(house, lanes, "bd-2", { "a.txt": "changed further\n" });
  const tip = await house.tip();
  const view = await lanes.land(await revertOf(lanes, first.order, first.commit));
  expect(view).toMatchObject({ status: "conflict", conflicts: ["a.txt"] });
  expect(view.message).toContain(`git revert -m 1 ${first.commit}`);
  expect(await house.tip()).toBe(tip);
  expect(house.backlog.items.get("bd-1")?.status).toBe("closed");
});

it("[M113] what was fast-forwarded by hand is taken back as a whole, and nothing is taken back twice", async () => {
  await using house = await createLaneHouse();
  const { repository } = house;
  const lanes = startLanes(house);
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  const before = await repository.git("rev-parse", "main^{tree}");
  await repository.git("merge", "--quiet", "--ff-only", order.branch);
  await lanes.adopt(order);
  const revert = await revertOf(lanes, order, null);
  expect(await lanes.land(revert)).toMatchObject({ status: "landed" });
  expect(await repository.git("rev-parse", "main^{tree}")).toBe(before);
  const again = await lanes.land({ ...revert, id: "again-1" });
  expect(again).toMatchObject({
    status: "error",
    message: expect.stringContaining("gone from main already") as unknown,
  });
});

it("[M114] a red gate keeps a revert off the base too", async () => {
  await using house = await createLaneHouse();
  const lanes = startLanes(house);
  const first = await landed(house, lanes, "bd-1", { "one.txt": "1\n" });
  const tip = await house.tip();
  const revert = {
    ...(await revertOf(lanes, first.order, first.commit)),
    gate: [{ name: "has", command: "test -e one.txt" }],
  };
  expect(await lanes.land(revert)).toMatchObject({ status: "gate-red" });
  expect(await house.tip()).toBe(tip);
});
