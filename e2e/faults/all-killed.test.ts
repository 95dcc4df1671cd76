import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { createCrowd } from "./harness/crowd.ts";
import { carries } from "./harness/processes.ts";
import { openScenario, times } from "./harness/tier.ts";

const agents = 10;
const rounds = times(10, 250);
const scenario = openScenario("all-killed");
const { dice, count } = scenario;

it(`[V3] server, runner and agents killed together ${rounds} times: the agents' sessions fail and go on when resumed`, async () => {
  await using crowd = await createCrowd(agents);
  const { world, sessions } = crowd;
  const killed = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    await pause(dice.between(0, 200));
    const victims = new Set([dice.one(sessions), dice.one(sessions)]);
    const deaths = dice.chance(0.5)
      ? [() => world.killServer(), () => world.killRunner()]
      : [() => world.killRunner(), () => world.killServer()];
    for (const die of deaths) await die();
    for (const { id } of victims) killed.add(await killAgent(id));
    count("kills of server and runner", 2);
    count("agents killed", victims.size);
    world.beginServer();
    for (const { id } of victims) {
      const view = await world.until(`${id} has failed`, async () => {
        const now = await world.session(id);
        return now.status === "failed" ? now : null;
      });
      expect(view.reason?.code).toBe("agent-killed");
      await world.command("session:resume", { session: id });
    }
    await world.until("all work again", () => crowd.areAdopted());
  }
  await crowd.finish(scenario, killed);

  /** The newest process of the session, by its own record; resolves to its marker. */
  async function killAgent(session: string) {
    const starts = (await readFile(join(world.oracle, "starts"), "utf8")).split("\n");
    const [marker = "", pid = ""] =
      starts.findLast((line) => line.startsWith(`${session}/`))?.split(" ") ?? [];
    expect(carries(Number(pid), marker), `${marker} lives`).toBe(true);
    process.kill(Number(pid), "SIGKILL");
    return marker;
  }
});
