import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { shownBytes, underLoad } from "./harness/crowd.ts";
import {
  expectCommitsKept,
  expectLogsWhole,
  expectNoOrphans,
  expectStartedOnce,
  expectTruthful,
} from "./harness/oracle.ts";
import { openScenario, times } from "./harness/tier.ts";
import { createWorld, type World } from "./harness/world.ts";

const readoptionLimitMs = 5000;
const lives = times(4, 200);
const { dice, count, most } = openScenario("waiting-kills");

/** Asks by a file while it lives, asks by call, fails, is resumed, is rejected once. */
const script = `# poll: Which end?
ask: Colour | Which colour?
write: {item}.txt
  {answer}
commit: Paint it
fail: crash
review: changes-then-approve`;

it(
  `[V22] the only session waits, fails, is resumed and rejected, ${lives} times, and runner and server die each time`,
  async () => {
    await using world = await createWorld({ talk: 0 });
    for (let life = 0; life < lives; life++) await live(world, life);
    count("commits", await expectCommitsKept(world));
    count("steps", await expectStartedOnce(world));
  },
  24 * 3_600_000,
);

async function live(world: World, life: number) {
  const session = await world.dispatch(`Item ${life}`, script);
  const { id } = session;
  const { item } = session;
  const reach = (status: SessionView["status"], question?: string) =>
    world.until(`${id} is ${status}`, async () => {
      const view = await world.session(id);
      if (view.status !== status) return null;
      if (question === undefined) return view;
      const { questions } = await world.read("session", { session: id });
      return questions.find((each) => each.id === question)?.status === "open" ? view : null;
    });
  const answer = async (question: string, text: string) => {
    await world.command("question:answer", { session: id, question, text });
    await pause(dice.between(0, 40));
    await strike(world);
  };

  // Nobody else has a runner started: its log has to go on by itself.
  await reach("waiting", "q-1");
  const before = await shownBytes(session);
  await strike(world);
  const began = performance.now();
  const atStrike = Math.max(before, await shownBytes(session));
  await world.until("its log goes on", async () => (await shownBytes(session)) > atStrike + 500);
  const ms = performance.now() - began;
  most("ms until the log of one that polls goes on at most", ms);
  expect(ms).toBeLessThan(underLoad(readoptionLimitMs));
  await world.until("it is seen alive", async () => (await world.session(id)).evidence.process === "alive");
  await expectTruthful(world, [session], "waiting");
  await answer("q-1", "the far end");

  await reach("waiting", "q-2");
  await strike(world);
  await answer("q-2", "red");

  await reach("failed");
  await strike(world);
  await world.command("session:resume", { session: id });
  await pause(dice.between(0, 40));
  await strike(world);

  await world.until("its council has rejected it", async () =>
    (await readFile(join(session.directory, "events.jsonl"), "utf8")).includes('"verdict":"rejected"'),
  );
  await strike(world);
  await reach("approved");
  count("lives");
  const { questions } = await world.read("session", { session: id });
  const given = questions.map((each) => (each.status === "answered" ? each.answer.choices[0]?.text : null));
  expect(given).toEqual(["the far end", "red"]);
  const view = await world.session(id);
  expect(await readFile(join(view.worktree, `${item.id}.txt`), "utf8")).toBe("red\n");
  await expectLogsWhole(world, [session]);
  expectNoOrphans([session]);
  await world.command("session:stop", { session: id });
  await reach("stopped");
}

/** Runner, or runner and server in either order; a server begins again, a runner only where that sees to it. */
async function strike(world: World) {
  const deaths = dice.one([
    [() => world.killRunner()],
    [() => world.killServer(), () => world.killRunner()],
    [() => world.killRunner(), () => world.killServer()],
  ]);
  for (const die of deaths) await die();
  count("strikes");
  if (!world.isServerUp) world.beginServer();
}
