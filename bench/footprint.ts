/**
 * What a whole server with pages takes up, before and with 20 quiet sessions and 5 followers: the time until the first
 * page, megabytes, the share of a core, and the time until a server that was killed shows all of them again. Needs
 * Linux and a built page. Run with `npm run bench -- footprint`; figures and goals stand in docs/performance.md.
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createHttpClient } from "#lib/client/http.ts";
import { presenceSchema } from "#lib/contract/runner.ts";
import { createHouse } from "../e2e/fixtures/house.ts";
import { report } from "./report.ts";
import { writeStampingAgent } from "./stamping-agent.ts";

const sessions = 20;
const followers = 5;
const quietSeconds = 20;
const ticksPerSecond = 100;

const agent = await writeStampingAgent(join("/tmp", `amplify-bench-${process.pid}`));
await using house = await createHouse({ tools: { claude: agent } });
await house.repository.write("amplify.config.json", '{ "limits": { "sessions": 100 } }');
await house.repository.commit("Configure");
await mkdir(house.home, { recursive: true, mode: 0o700 });
await writeFile(join(house.home, "config.json"), '{ "sessions": 100 }');

const inRun = (name: string) => readFile(join(house.home, "run", name), "utf8");
const presenceOf = async (name: "server" | "runner") =>
  presenceSchema.parse(JSON.parse(await inRun(`${name}.json`)));
const client = async () =>
  createHttpClient({ url: (await presenceOf("server")).url ?? "", token: (await inRun("cli-token")).trim() });

async function until<Value>(look: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const value = await look().catch(() => null);
    if (value !== null) return value;
    await setTimeout(5);
  }
}

/** Starts a server as people do; resolves to the milliseconds until `look` gave something. */
async function start(look: () => Promise<true | null>): Promise<number> {
  const begin = performance.now();
  const launcher = new URL("../bin/amplify.js", import.meta.url).pathname;
  spawn(process.execPath, [launcher, "serve"], {
    env: { ...house.env, NODE_ENV: "production" },
    stdio: "ignore",
  });
  await until(look);
  return performance.now() - begin;
}

async function megabytesOf(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function statusOf(pid: number): Promise<"alive" | "gone"> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => ") Z");
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2)) ? "gone" : "alive";
}

async function cpuSecondsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "latin1")).split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

const firstPage = await start(async () => {
  const page = await fetch(`${(await presenceOf("server")).url ?? ""}/login`);
  return page.ok && (await page.text()).includes("</html>") ? true : null;
});
const { pid: server } = await presenceOf("server");
const idle = await megabytesOf(server);

const http = await client();
await http.command("repository:add", { path: house.repository.path });
const streams = [];
for (let index = 0; index < followers; index += 1) streams.push(await http.request("GET", "/api/events"));
for (let index = 0; index < sessions; index += 1) {
  const { item } = await http.command("item:create", { title: `Quiet ${String(index)}` });
  await http.command("session:dispatch", { item: item.id });
}
const running = async () => {
  const read = await (await client()).read("status", {});
  return read.sessions.filter(({ status }) => status === "running").length === sessions
    ? (true as const)
    : null;
};
await until(running);
await setTimeout(5000);

const { pid: runner } = await presenceOf("runner");
const before = [await cpuSecondsOf(server), await cpuSecondsOf(runner)];
await setTimeout(quietSeconds * 1000);
const after = [await cpuSecondsOf(server), await cpuSecondsOf(runner)];
const share = after.map((seconds, index) => ((seconds - (before[index] ?? 0)) / quietSeconds) * 100);
const [serverMegabytes, runnerMegabytes] = [await megabytesOf(server), await megabytesOf(runner)];

for (const { body } of streams) await body?.cancel();
process.kill(server, "SIGKILL");
await until(async () => ((await statusOf(server)) === "gone" ? true : null));
const again = await start(running);

report("a server with pages", [
  { what: "start → first page", unit: "ms", values: [firstPage], goal: 900 },
  { what: "server, idle", unit: "MB", values: [idle], goal: 130 },
  {
    what: `server, ${sessions} quiet sessions and ${followers} followers`,
    unit: "MB",
    values: [serverMegabytes],
    goal: 130,
  },
  { what: `runner, ${sessions} quiet sessions`, unit: "MB", values: [runnerMegabytes], goal: 70 + sessions },
  { what: "server, hundredths of a core", unit: "", values: [share[0] ?? Number.NaN], goal: 1.5 },
  { what: "runner, hundredths of a core", unit: "", values: [share[1] ?? Number.NaN] },
  { what: "killed server started again → all sessions shown", unit: "ms", values: [again], goal: 500 },
]);
for (const { id } of (await (await client()).read("status", {})).sessions)
  await (await client()).command("session:stop", { session: id });
