import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage } from "#e2e/fakes/scripted-agent/stage.ts";

it.each(["cut", "remove", "replace", "link"])(
  "[R205] an output.log that an agent spoils (%s) goes on in a file that says so",
  async (way) => {
    const hostname = await readFile("/etc/hostname", "utf8");
    await using stage = await setStage("spoils-log");
    await writeFile(join(stage.directory, "spoil"), way);
    const runner = await stage.start();
    const log = await stage.untilText("output.log", /^ {2}after$/m);
    await runner.stop();
    expect(log).toBe(
      "warning: output.log was cut, removed or replaced; what it held is missing here\n  after\n",
    );
    expect((await lstat(join(stage.directory, "output.log"))).isFile()).toBe(true);
    expect(await readFile("/etc/hostname", "utf8")).toBe(hostname);
  },
);

it.each(["cut", "remove", "replace"])(
  "[R211] an agent that spoils its own stream (%s) is told and shown as such, and followed on",
  async (way) => {
    await using stage = await setStage("spoils-stream");
    await writeFile(join(stage.directory, "spoil"), way);
    const runner = await stage.start();
    const events = await stage.untilKind("warned");
    const log = await stage.untilText(
      "output.log",
      way === "cut" ? /^ {2}after x+$/m : /^warning: the agent/m,
    );
    await runner.stop();
    expect(log.match(/^warning: the agent's stream was cut/gm)).toHaveLength(1);
    expect(log).toMatch(/^ {2}before$/m);
    expect(events.flatMap((event) => (event.kind === "warned" ? event.text : []))).toEqual([
      "The agent of step 1 cut or removed its own stream.",
    ]);
  },
);
