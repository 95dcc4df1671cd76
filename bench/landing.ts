/**
 * What a landing costs against plain `git merge --no-ff` of the same branches, in milliseconds each, without a gate:
 * the whole lane (preview, merge commit, checkout, archive, worktree removed; journal in memory) beside the one
 * command, and that command with what a person does after it. Run with `npm run bench -- landing`.
 */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { createLaneHouse, startLanes } from "../e2e/fixtures/lane-house.ts";
import { createRepository, runGit } from "../e2e/fixtures/repository.ts";
import { report } from "./report.ts";

const landings = 15;

async function measured(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function compare(what: string, files: Record<string, string>) {
  const change = (index: number) => ({ [`src/part-${String(index)}.txt`]: `part ${String(index)}\n` });
  await using house = await createLaneHouse({ repository: await createRepository({ files }) });
  const lanes = startLanes(house);
  const orders = [];
  for (let index = 0; index < landings; index += 1)
    orders.push(await house.session(`bd-${String(index)}`, change(index)));
  const ours: number[] = [];
  for (const order of orders) {
    ours.push(
      await measured(async () => {
        const { status, message } = await lanes.land(order);
        if (status !== "landed") throw new Error(`${status}: ${message}`);
      }),
    );
  }
  await lanes.stop();

  await using plain = await createLaneHouse({ repository: await createRepository({ files }) });
  const merges: number[] = [];
  const byHand: number[] = [];
  const root = plain.repository.path;
  const branches = [];
  for (let index = 0; index < landings; index += 1)
    branches.push(await plain.session(`bd-${String(index)}`, change(index)));
  for (const { branch, worktree } of branches) {
    const merge = await measured(() => runGit(root, "merge", "--quiet", "--no-ff", "-m", "Merge", branch));
    const after = await measured(async () => {
      await runGit(root, "worktree", "remove", worktree);
      await runGit(root, "branch", "--quiet", "-d", branch);
    });
    merges.push(merge);
    byHand.push(merge + after);
  }
  report(`landing, ${what}`, [
    { what: "the lane", unit: "ms", values: ours },
    { what: "git merge --no-ff", unit: "ms", values: merges },
    { what: "git merge, worktree remove, branch -d", unit: "ms", values: byHand },
  ]);
}

console.log(
  `${String(cpus().length)} cores, load ${(await readFile("/proc/loadavg", "utf8")).split(" ")[0] ?? ""}`,
);
await compare("22 files", Object.fromEntries(many(22)));
await compare("1,000 files", Object.fromEntries(many(1_000)));

function many(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [
    `base/${String(index % 50)}/file-${String(index)}.txt`,
    `line ${String(index)}\n`,
  ]);
}
