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

const programs = ["server", "runner"] as const;
const megabyte = 1 << 20;
/** SQLite begins it anew at 4 MB, where no reader holds it. */
const logLimitBytes = 64 * megabyte;

/** What must not grow: of a program in its whole life, between two kills of it. */
interface Sample {
  readonly program: (typeof programs)[number];
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
    const bornAt = new Map<number, number>();
    let logBytes = 0;
    const end = Date.now() + minutes * 60_000;
    while (Date.now() < end) {
      const faultAt = Math.min(end, Date.now() + faultEveryMs);
      while (Date.now() < faultAt) {
        await pause(Math.min(1000, warmUpMs / 4));
        await crowd.views();
        for (const program of programs) {
          const life = await pidOf(world, program);
          const at = Date.now();
          if (life === null) continue;
          if (!bornAt.has(life)) bornAt.set(life, at);
          if (at - (bornAt.get(life) ?? at) < warmUpMs) continue;
          samples.push({ program, life, at, ...(await sizeOf(life)) });
        }
        logBytes = Math.max(logBytes, (await stat(join(world.house.home, "amplify.db-wal"))).size);
      }
      count("faults");
      if (dice.chance(0.3)) {
        await world.killServer();
        await world.startServer();
      } else if (dice.chance(0.5)) await world.killRunner();
      else
        await world.command("session:message", { session: dice.one(sessions).id, text: "How far are you?" });
      await world.until("all work again", () => crowd.areAdopted());
    }
    count("samples", samples.length);
    most("bytes of write-ahead log", logBytes);
    await crowd.finish(scenario, new Set());
    expect(logBytes, "bytes of write-ahead log").toBeLessThan(logLimitBytes);
    for (const program of programs) {
      const own = samples.filter((sample) => sample.program === program);
      expect(own.length, `samples of the ${program}`).toBeGreaterThan(0);
      const memory = slopeOf(own, ({ megabytes }) => megabytes);
      const descriptors = slopeOf(own, (sample) => sample.descriptors);
      const most = {
        megabytes: Math.max(...own.map(({ megabytes }) => megabytes)),
        descriptors: Math.max(...own.map((sample) => sample.descriptors)),
      };
      note(
        `${program}: ${memory.toFixed(2)} MB/h, ${descriptors.toFixed(2)} descriptors/h, at most ${most.megabytes.toFixed(0)} MB and ${most.descriptors}`,
      );
      // A short soak sees the heap settle and nothing else.
      if (minutes >= 30) expect(memory, `MB/h of the ${program}`).toBeLessThan(8);
      if (minutes >= 10) expect(descriptors, `descriptors/h of the ${program}`).toBeLessThan(10);
      expect(most.megabytes, `MB of the ${program}`).toBeLessThan(600);
      expect(most.descriptors, `descriptors of the ${program}`).toBeLessThan(400);
    }
  },
  48 * 3_600_000,
);

async function pidOf(world: World, program: Sample["program"]): Promise<number | null> {
  if (program === "runner") return world.runnerPid();
  const text = await readFile(join(world.house.home, "run/server.json"), "utf8");
  return (JSON.parse(text) as { pid: number }).pid;
}

async function sizeOf(pid: number) {
  const resident = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return { megabytes: Number(resident) / 1024, descriptors: (await readdir(`/proc/${pid}/fd`)).length };
}

/** Per hour, by least squares, each life of the program around its own mean. */
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
