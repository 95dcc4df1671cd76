/**
 * What the overlap map costs with 20 sessions in one repository whose agents all edit without a pause: one look
 * of git at a worktree, the comparison of all, and the share of time in which git runs. Run with
 * `npm run bench -- overlap`.
 */
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { meetingsOf } from "#lib/domain/overlap.ts";
import { parseSessionId } from "#lib/domain/ids.ts";
import { createGit } from "#server/adapters/git/git.ts";
import { readFootprint } from "#server/sessions/footprint.ts";
import { createLaneHouse } from "../e2e/fixtures/lane-house.ts";
import { createRepository } from "../e2e/fixtures/repository.ts";
import { report } from "./report.ts";

const sessions = 20;
const rounds = 5;

async function run(what: string, count: number) {
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `src/${String(index % 40)}/f-${String(index)}.txt`,
      "text\n",
    ]),
  );
  await using house = await createLaneHouse({ repository: await createRepository({ files }) });
  const git = createGit();
  const orders = [];
  for (let index = 0; index < sessions; index += 1) {
    const order = await house.session(`bd-${String(index)}`, { [`own/${String(index)}.txt`]: "own\n" });
    orders.push({ ...order, committed: { key: "", paths: [] as readonly string[] } });
  }
  const looks: number[] = [];
  const again: number[] = [];
  const meets: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const footprints = [];
    for (const { session, worktree, approval, committed, repository } of orders) {
      await mkdir(join(worktree, "shared"), { recursive: true });
      await writeFile(join(worktree, `shared/${String(round)}.txt`), "edit\n");
      await appendFile(join(worktree, "src/0/f-0.txt"), `edit ${String(round)}\n`);
      const begin = performance.now();
      const view = { worktree, base: approval.base, head: approval.head } as Parameters<
        typeof readFootprint
      >[2]["view"];
      const paths = await readFootprint(git, repository.root, { view, spec: null }, committed);
      (round === 0 ? looks : again).push(performance.now() - begin);
      footprints.push({ session: parseSessionId(session), files: paths });
    }
    const begin = performance.now();
    meetingsOf(footprints);
    meets.push(performance.now() - begin);
  }
  const median = again.toSorted((a, b) => a - b)[Math.floor(again.length / 2)] ?? 0;
  const restMs = Math.max(3_000, median * 20);
  report(`overlap map, ${String(sessions)} sessions, ${what}`, [
    { what: "first look at a worktree", unit: "ms", values: looks },
    { what: "look after an edit", unit: "ms", values: again },
    { what: "who meets whom, all sessions", unit: "ms", values: meets },
  ]);
  const share = (sessions * median * 100) / restMs;
  console.log(
    `  all ${String(sessions)} editing without a pause: git runs ${share.toFixed(1)} % of the time`,
  );
}

await run("22 files", 22);
await run("1,000 files", 1_000);
