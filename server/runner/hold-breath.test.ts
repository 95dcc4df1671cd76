import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage } from "#e2e/fakes/scripted-agent/stage.ts";
import { createProcesses } from "#server/adapters/process/processes.ts";

it("[R208] an agent is held while the disk is as good as full, and goes on with room, under a later runner too", async () => {
  await using stage = await setStage("steady", { limits: { silentMs: 60_000 } });
  let isShort = false;
  const isShortOfRoom = () => Promise.resolve(isShort);
  const first = await stage.start({ isShortOfRoom });
  const spawned = await stage.untilKind("step-spawned");
  const identity = spawned.flatMap((event) => (event.kind === "step-spawned" ? [event.process] : []))[0]!;
  await stage.untilText("counted.txt", /line 3/);
  isShort = true;
  const held = await stage.untilKind("warned");
  expect(held.at(-1)).toMatchObject({
    text: expect.stringContaining("is held until there is room") as string,
  });
  expect(await createProcesses().isStopped(identity)).toBe(true);
  await first.stop();

  isShort = false;
  const second = await stage.start({ isShortOfRoom });
  await stage.untilKind("warned", 2);
  expect(await createProcesses().isStopped(identity)).toBe(false);
  await writeFile(join(stage.directory, "go-on"), "");
  const events = await stage.untilKind("review-concluded");
  await second.stop();
  expect(events.filter(({ kind }) => kind === "step-failed")).toEqual([]);
  const shown = (await stage.text("output.log")).match(/^ {2}line \d+$/gm) ?? [];
  expect(`${shown.map((line) => line.trim()).join("\n")}\n`).toBe(await stage.text("counted.txt"));
});
