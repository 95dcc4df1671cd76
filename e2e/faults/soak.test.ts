import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { createCrowd } from "./harness/crowd.ts";
import { openScenario, times } from "./harness/tier.ts";
import type { World } from "./harness/world.ts";

const minutes = Number(process.env["FAULTS_MINUTES"] ?? times(1, 24 * 60));
const faultEveryMs = Math.min(60_000, (minutes * 60_000) / 3);
const warmUpMs = Math.min(30_000, faultEveryMs / 2);
const scenario = openScenario("soak");
const { dice, count, most, note } = scenario;

/** What must not grow: of the server in its whole life, between two kills of it. */
interface Sample {
  readonly life: number;
  readonly at: number;
  readonly megabytes: number;
  readonly descriptors: number;
}

it(
  `[V15] ${minutes} minutes with a fault each minute: memory, descriptors and the write-ahead log stay flat`,
  async () => {
    await using crowd = await createCrowd(6);
    const { world, sessions } = crowd;
    const samples: Sample[] = [];
    let life = 0;
    let bornAt = Date.now();
    const end = Date.now() + minutes * 60_000;
    while (Date.now() < end) {
      const faultAt = Math.min(end, Date.now() + faultEveryMs);
      while (Date.now() < faultAt) {
        await pause(Math.min(1000, warmUpMs / 4));
        await crowd.views();
        if (Date.now() - bornAt < warmUpMs) continue;
        samples.push({ life, at: Date.now(), ...(await sizeOf(world)) });
        most("bytes of write-ahead log", (await stat(join(world.house.home, "amplify.db-wal"))).size);
      }
      count("faults");
      if (dice.chance(0.3)) {
        await world.killServer();
        await world.startServer();
        life += 1;
        bornAt = Date.now();
      } else if (dice.chance(0.5)) await world.killRunner();
      else
        await world.command("session:message", { session: dice.one(sessions).id, text: "How far are you?" });
      await world.until("all work again", () => crowd.areAdopted());
    }
    const memory = slopeOf(samples, ({ megabytes }) => megabytes);
    const descriptors = slopeOf(samples, (sample) => sample.descriptors);
    count("samples", samples.length);
    most("MB at most", Math.max(...samples.map(({ megabytes }) => megabytes)));
    most("descriptors at most", Math.max(...samples.map((sample) => sample.descriptors)));
    note(`${memory.toFixed(2)} MB/h, ${descriptors.toFixed(2)} descriptors/h`);
    await crowd.finish(scenario, new Set());
    // A short soak sees the heap settle and nothing else.
    if (minutes >= 30) expect(memory).toBeLessThan(8);
    if (minutes >= 10) expect(descriptors).toBeLessThan(10);
    expect(Math.max(...samples.map((sample) => sample.descriptors))).toBeLessThan(400);
  },
  48 * 3_600_000,
);

async function sizeOf(world: World) {
  const { pid } = JSON.parse(await readFile(join(world.house.home, "run/server.json"), "utf8")) as {
    pid: number;
  };
  const resident = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return { megabytes: Number(resident) / 1024, descriptors: (await readdir(`/proc/${pid}/fd`)).length };
}

/** Per hour, by least squares, each life of the server around its own mean. */
function slopeOf(samples: readonly Sample[], pick: (sample: Sample) => number): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const life of new Set(samples.map((sample) => sample.life))) {
    const own = samples.filter((sample) => sample.life === life);
    const [at, size] = [mean(own.map((sample) => sample.at)), mean(own.map(pick))];
    for (const sample of own) {
      above += (sample.at - at) * (pick(sample) - size);
      below += (sample.at - at) ** 2;
    }
  }
  return below === 0 ? 0 : (above / below) * 3_600_000;
}
