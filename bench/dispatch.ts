/**
 * Dispatch → the agent's first instruction in its worktree, in milliseconds, on a small repository: one at a
 * time, and ten at once (the last of them). The agent is a shell script that stamps the time. Run with
 * `npm run bench -- dispatch`; figures and goals stand in docs/performance.md.
 */
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createHttpClient } from "#lib/client/http.ts";
import { presenceSchema } from "#lib/contract/runner.ts";
import { createHouse } from "../e2e/fixtures/house.ts";
import { report } from "./report.ts";
import { writeStampingAgent } from "./stamping-agent.ts";

const singles = 15;
const volleys = 5;
const volleySize = 10;

const stamps = join("/tmp", `amplify-bench-${process.pid}`);
const agent = await writeStampingAgent(stamps);

await using house = await createHouse({ tools: { claude: agent } });
await house.repository.write("amplify.config.json", '{ "limits": { "sessions": 100 } }');
await house.repository.commit("Configure");
// The data folder has a limit of its own; ten at once are to start at once.
await mkdir(house.home, { recursive: true, mode: 0o700 });
await writeFile(join(house.home, "config.json"), '{ "sessions": 100 }');
const ran = await house.amplify("repo", "add");
if (ran.exit !== 0) throw new Error(ran.stderr);
const read = (name: string) => readFile(join(house.home, "run", name), "utf8");
const { url } = presenceSchema.parse(JSON.parse(await read("server.json")));
const client = createHttpClient({ url: url ?? "", token: (await read("cli-token")).trim() });

async function createItem(): Promise<string> {
  const { item } = await client.command("item:create", { title: "Measure" });
  return item.id;
}

/** Milliseconds from the command to the agent's first instruction. */
async function dispatch(item: string): Promise<number> {
  const begin = performance.timeOrigin + performance.now();
  await client.command("session:dispatch", { item });
  const file = `${item}.stamp`;
  while (!(await readdir(stamps)).includes(file)) await new Promise((resolve) => setTimeout(resolve, 5));
  return Number((await readFile(join(stamps, file), "utf8")).trim()) / 1e6 - begin;
}

/** What they leave behind is not to fall into the next measurement. */
async function clearAway() {
  const isAtWork = async () =>
    (await client.read("status", {})).sessions.filter(({ status }) => status === "running");
  for (const { id } of await isAtWork()) await client.command("session:stop", { session: id });
  while ((await isAtWork()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

const cold = await dispatch(await createItem());
await clearAway();
const one: number[] = [];
for (let i = 0; i < singles; i++) {
  one.push(await dispatch(await createItem()));
  await clearAway();
}
const lastOfTen: number[] = [];
for (let i = 0; i < volleys; i++) {
  const items = [];
  for (let j = 0; j < volleySize; j++) items.push(await createItem());
  lastOfTen.push(Math.max(...(await Promise.all(items.map(dispatch)))));
  await clearAway();
}

report("dispatch → first instruction, small repository", [
  { what: "first of all, runner not running yet", unit: "ms", values: [cold] },
  { what: "one at a time", unit: "ms", values: one, goal: 60 },
  { what: "ten at once, the last", unit: "ms", values: lastOfTen, goal: 250 },
]);
