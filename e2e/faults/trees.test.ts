import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { createProcesses } from "#server/adapters/process/processes.ts";
import { shapes } from "./agent/shapes.ts";
import { createBystander, processesOf } from "./harness/processes.ts";
import { openScenario, times } from "./harness/tier.ts";
import { createWorld, type World } from "./harness/world.ts";

const rounds = times(3, 100);
const throughSessions = times(1, 25);
const limitMs = 15_000;
const { dice, count, most } = openScenario("trees");

it(`[V5] ${Object.keys(shapes).length} shapes of process trees, ${rounds} times each: a stop leaves nothing alive and touches nobody else`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "amplify-trees-"));
  for (let round = 0; round < rounds; round++) {
    await Promise.all(Object.entries(shapes).map(([name, script]) => endOne(folder, round, name, script)));
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}, 3_600_000);

async function endOne(folder: string, round: number, name: string, script: string) {
  const session = `session-tree-${process.pid}-${round}-${name.replaceAll(" ", "-")}`;
  const marker = `${session}/1`;
  const file = (ending: string) => join(folder, `${session}.${ending}`);
  // Its marker begins as ours does, and it is not ours.
  using neighbour = createBystander(`${session}-x/1`);
  using sibling = createBystander(`${session}-x/10`);
  const identity = await createProcesses().spawn({
    file: "/bin/sh",
    args: ["-c", script],
    env: { PATH: "/usr/bin:/bin" },
    cwd: folder,
    marker,
    stdoutFile: file("out"),
    stderrFile: file("err"),
    stdinFile: null,
    exitFile: file("exit"),
  });
  while (!(await readFile(file("out"), "utf8")).includes("ready")) await pause(10);
  await pause(dice.between(0, 60));
  // By another life of ours than the one that started it, as after a kill, or by the same.
  const began = performance.now();
  await createProcesses().endTree(identity, marker, { graceMs: dice.one([0, 100, 5000]) });
  const ms = performance.now() - began;
  most("ms for a stop at most", ms);
  expect(ms, name).toBeLessThan(limitMs);
  expect(processesOf([session]), `survivors of ${name}`).toEqual([]);
  expect([neighbour.isUntouched, sibling.isUntouched], `neighbours of ${name}`).toEqual([true, true]);
  count("trees ended");
}

it(
  `[V5] the same shapes as the agents of sessions, ${throughSessions} times each: a session's stop leaves nothing alive and touches nobody else`,
  async () => {
    await using world = await createWorld({ talk: 0 });
    await writeFile(join(world.oracle, "trees.json"), JSON.stringify(shapes));
    for (let round = 0; round < throughSessions; round++)
      await Promise.all(Object.keys(shapes).map((name) => stopOne(world, name)));
  },
  12 * 3_600_000,
);

async function stopOne(world: World, name: string) {
  const { id, directory } = await world.dispatch(name, `# tree: ${name}\nsay: never`);
  using neighbour = createBystander(`${id}-x/1`);
  await world.until(`${name} grows`, async () =>
    (await readFile(join(directory, "output.log"), "utf8").catch(() => "")).includes(`${name} is there`),
  );
  await pause(dice.between(0, 60));
  // Half of the time by a runner that has only just adopted it.
  if (dice.chance(0.5)) await world.killRunner();
  await world.command("session:stop", { session: id });
  await world.until(`${name} is stopped`, async () => (await world.session(id)).status === "stopped");
  expect(processesOf([id]), `survivors of ${name}`).toEqual([]);
  expect(neighbour.isUntouched, `neighbour of ${name}`).toBe(true);
  count("sessions stopped");
}
