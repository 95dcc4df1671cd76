import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { createCrowd, shownBytes, underLoad } from "./harness/crowd.ts";
import { expectTruthful } from "./harness/oracle.ts";
import { openScenario, times } from "./harness/tier.ts";

const agents = 20;
const readoptionLimitMs = 5000;
const kills = times(50, 500);
const scenario = openScenario("runner-kills");
const { dice, count, most } = scenario;

it(`[V2] ${kills} kill -9 of the runner under ${agents} live sessions cost nothing`, async () => {
  await using crowd = await createCrowd(agents);
  const { world, sessions } = crowd;
  while (count("kills", 0) < kills) {
    await pause(dice.between(0, 300));
    if (!(await world.killRunner())) continue;
    count("kills");
    // Sometimes the next one dies too, as it comes up.
    if (dice.chance(0.4)) continue;
    const began = performance.now();
    const shown = await Promise.all(sessions.map(shownBytes));
    await world.until("every log goes on", async () => {
      const now = await Promise.all(sessions.map(shownBytes));
      return now.every((bytes, index) => bytes > (shown[index] ?? 0));
    });
    const ms = performance.now() - began;
    most("ms until every log goes on at most", ms);
    expect(ms).toBeLessThan(underLoad(readoptionLimitMs));
    await expectTruthful(world, sessions, "running");
  }
  await crowd.finish(scenario, new Set());
});
