import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { createCrowd, underLoad } from "./harness/crowd.ts";
import { expectTruthful } from "./harness/oracle.ts";
import { openScenario, times } from "./harness/tier.ts";

const agents = 20;
const readoptionLimitMs = 5000;
const kills = times(50, 2000);
const scenario = openScenario("server-kills");
const { dice, count, most } = scenario;

it(`[V1] ${kills} kill -9 of the server under ${agents} live sessions cost nothing`, async () => {
  await using crowd = await createCrowd(agents);
  const { world, sessions } = crowd;
  const told: { session: SessionView; text: string }[] = [];
  const tell = async () => {
    const session = dice.one(sessions);
    const text = `message ${told.length}`;
    told.push({ session, text });
    await world.command("session:message", { session: session.id, text });
  };

  while (count("kills", 0) < kills) {
    // A command is under way, or is not; either way it is sent until it is answered.
    const command = dice.chance(0.5) ? tell() : Promise.resolve();
    await pause(dice.between(0, 120));
    await world.killServer();
    count("kills");
    // Every third one dies again before it is up.
    if (dice.chance(0.33)) {
      world.beginServer();
      await pause(dice.between(0, 900));
      await world.killServer();
      count("kills");
    }
    world.beginServer();
    const began = performance.now();
    await world.until("all sessions are adopted", () => crowd.areAdopted());
    const ms = performance.now() - began;
    most("ms to adopt all again at most", ms);
    expect(ms).toBeLessThan(underLoad(readoptionLimitMs));
    await command;
    await expectTruthful(world, sessions, "running");
  }
  await crowd.finish(scenario, new Set());
  count("messages", await expectMessagesOnce(told));
});

/** Each message is in exactly one inbox, once, and nothing else is. */
async function expectMessagesOnce(told: readonly { session: SessionView; text: string }[]) {
  for (const { directory, id } of new Set(told.map(({ session }) => session))) {
    const inbox = join(directory, "inbox");
    const names = (await readdir(inbox)).filter((name) => name.endsWith("-message.json"));
    const texts = await Promise.all(
      names.map(
        async (name) => (JSON.parse(await readFile(join(inbox, name), "utf8")) as { text: string }).text,
      ),
    );
    const wanted = told.filter(({ session }) => session.id === id).map(({ text }) => text);
    expect(texts.toSorted(), id).toEqual(wanted.toSorted());
  }
  return told.length;
}
