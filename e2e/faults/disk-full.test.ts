import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { expectLogsWhole, expectNoOrphans, expectStartedOnce } from "./harness/oracle.ts";
import { openScenario, times } from "./harness/tier.ts";
import { createWorld, type World } from "./harness/world.ts";

const rounds = times(3, 60);
const { dice, count, note } = openScenario("disk-full");
const isPermitted = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
if (!isPermitted) note("SKIPPED: no small disk can be mounted here");

it.skipIf(!isPermitted)(
  `[V13] ${rounds} times a full disk tears no file and loses nothing that was answered`,
  async () => {
    await using world = await createWorld({ talk: 20, diskMegabytes: 24 });
    const script =
      "ask: Colour | Which colour?\n  - red\n  - blue\nwrite: {item}.txt\n  {answer}\ncommit: Paint it";
    for (let round = 0; round < rounds; round++) {
      const { id } = await world.dispatch(`Round ${round}`, script);
      await world.until(`${id} asks`, async () => (await world.session(id)).status === "waiting");
      const filler = fill(world, dice.between(0, 32_768));
      count("times full");
      // Nobody hears that it was done, or it was.
      const answering = world.command("question:answer", { session: id, question: "q-1", text: "red" });
      const heard = answering.then(
        () => true,
        () => false,
      );
      await pause(dice.between(0, 400));
      if (dice.chance(0.5)) {
        await world.killServer();
        count("kills meanwhile");
      }
      expect(await tornFiles(world)).toEqual([]);
      rmSync(filler);
      if (!world.isServerUp) await world.startServer();
      if (!(await heard)) {
        count("answers refused");
        // It is refused until the server has seen that there is room again.
        await world.until(`${id} is answered`, () =>
          world.command("question:answer", { session: id, question: "q-1", text: "red" }).then(
            () => true,
            (error: unknown) => {
              expect(String(error)).toMatch(/answered|full/);
              return String(error).includes("answered");
            },
          ),
        );
      }
      await world.until(`${id} is approved`, async () => (await world.session(id)).status === "approved");
      const session = await world.session(id);
      const { questions } = await world.read("session", { session: id });
      expect(questions).toMatchObject([{ status: "answered", answer: { choices: [{ labels: ["red"] }] } }]);
      await expectLogsWhole(world, [session]);
      await expectStartedOnce(world);
      expectNoOrphans([session]);
      expect(await tornFiles(world)).toEqual([]);
    }
  },
  24 * 3_600_000,
);

/** Takes all the room but a little; answers the file that holds it. */
function fill(world: World, leave: number): string {
  const path = join(world.house.home, "filler");
  const file = openSync(path, "w");
  const reserve = join(world.house.home, "reserve");
  const kept = openSync(reserve, "w");
  if (leave > 0) writeSync(kept, Buffer.alloc(leave));
  for (let size = 1 << 20; size >= 512;) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) size >>= 1;
    } catch {
      size >>= 1;
    }
  }
  for (const each of [file, kept]) closeSync(each);
  rmSync(reserve);
  return path;
}

/** JSON files of the data folder that cannot be read as such; temporary ones count for nothing. */
async function tornFiles(world: World): Promise<string[]> {
  const entries = await readdir(world.house.home, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (each) => each.isFile() && each.name.endsWith(".json") && !each.name.startsWith("."),
  );
  const torn = await Promise.all(
    files.map(async (each) => {
      const path = join(each.parentPath, each.name);
      const text = await readFile(path, "utf8").catch(() => "null");
      try {
        JSON.parse(text);
        return [];
      } catch {
        return [path];
      }
    }),
  );
  return torn.flat();
}
