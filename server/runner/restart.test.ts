import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { createProcesses } from "#server/adapters/process/processes.ts";
import { setStage, type Stage } from "#e2e/fakes/scripted-agent/stage.ts";

const program = fileURLToPath(new URL("../../e2e/fakes/scripted-agent/run-runner.ts", import.meta.url));
const never = new AbortController().signal;

/** A runner in a process of its own. Vitest's own options would keep it from starting. */
function spawnRunner(home: string, scenario: string) {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  return spawn(process.execPath, ["--import", "tsx", program, home, scenario], { stdio: "inherit", env });
}

async function kill(child: ReturnType<typeof spawn>) {
  child.kill("SIGKILL");
  await once(child, "exit");
}

function spawnedIn(events: readonly RunEvent[]) {
  const spawned = events.findLast((event) => event.kind === "step-spawned");
  if (spawned?.kind !== "step-spawned") throw new Error("Nothing was spawned.");
  return spawned.process;
}

/** Starts a runner that gets no further than the next event. Resolves when it is gone, or the session has its verdict. */
async function runOneEvent(stage: Stage): Promise<void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let broken = () => {};
  const isBroken = new Promise<void>((resolve) => (broken = resolve));
  const runner = await stage.start({
    async appended() {
      broken();
      await released;
      throw new Error("the runner is dead");
    },
  });
  await isBroken;
  const stopped = runner.stop();
  release();
  await stopped;
}

describe("a runner that dies", () => {
  it("[R25] is followed by one that adopts the living agent: no byte lost, never two agents", async () => {
    await using stage = await setStage("steady");
    const first = spawnRunner(stage.home, "steady");
    const before = await stage.untilKind("step-spawned");
    await stage.untilText("counted.txt", /line 20\n/);
    await kill(first);
    const last = Number(/(\d+)\n$/.exec(await stage.text("counted.txt"))?.[1]);
    await stage.untilText("counted.txt", new RegExp(`line ${last + 20}\n`));
    const runner = await stage.start();
    await writeFile(join(stage.directory, "go-on"), "");
    const events = await stage.untilKind("review-concluded");
    await runner.stop();
    const shown = (await stage.text("output.log")).match(/^ {2}line \d+$/gm) ?? [];
    expect(`${shown.map((line) => line.trim()).join("\n")}\n`).toBe(await stage.text("counted.txt"));
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.filter((event) => event.kind === "step-started")).toHaveLength(2);
    expect(await stage.text("scripted.log")).not.toContain("OVERLAP");
  });

  it("[R26] loses nothing while a question waits", async () => {
    await using stage = await setStage("question");
    const first = spawnRunner(stage.home, "question");
    await stage.untilKind("step-asked");
    await kill(first);
    await stage.decide({
      kind: "answer",
      question: "q-1" as never,
      choices: [{ labels: ["red"], text: "" }],
    });
    await stage.start();
    await stage.untilKind("review-concluded");
    expect(await stage.repository.git("show", "amplify/bd-auth.1:colour.txt")).toBe("red");
  });

  it("[R27] leaves an agent that ends meanwhile to be judged by its files", async () => {
    await using stage = await setStage("steady");
    const runner = await stage.start();
    const identity = spawnedIn(await stage.untilKind("step-spawned"));
    await runner.stop();
    await writeFile(join(stage.directory, "go-on"), "");
    await createProcesses().gone(identity, never);
    await stage.start();
    await stage.untilKind("review-concluded");
  });

  it("[R28] finds a session interrupted after a restart of the machine, and resumes it when told to", async () => {
    await using stage = await setStage("hang");
    const runner = await stage.start();
    const identity = spawnedIn(await stage.untilKind("step-spawned"));
    await runner.stop();
    await createProcesses().endTree(identity, `${stage.spec.session}/1`, { graceMs: 0 });
    await rm(join(stage.directory, "steps/001/exit"), { force: true });
    const next = await stage.start({ bootId: () => "another-boot" });
    const events = await stage.untilKind("interrupted");
    expect(events.filter((event) => event.kind === "step-started")).toHaveLength(1);
    await next.stop();
    await stage.start();
    await stage.decide({ kind: "resume", note: "", fresh: false });
    await stage.untilKind("step-spawned", 2);
    expect(await stage.text("steps/002/prompt.md")).toContain("You were interrupted");
  });

  it("[R29] may die after every single event, and the run is the same as ever", async () => {
    await using undisturbed = await setStage("dissent");
    await undisturbed.start();
    await undisturbed.untilKind("review-concluded");
    await using stage = await setStage("dissent");
    let deaths = 0;
    for (; !(await stage.kinds()).includes("review-concluded"); deaths++) await runOneEvent(stage);
    const runner = await stage.start();
    await runner.stop();
    expect(await stage.kinds()).toEqual(await undisturbed.kinds());
    expect(deaths).toBe((await stage.kinds()).length);
    expect(await stage.text("scripted.log")).not.toContain("OVERLAP");
    expect(await stage.text("output.log")).toMatch(/\nREVIEW_VERDICT: APPROVED\n$/);
    expect((await stage.text("output.log")).match(/^REVIEW_VERDICT/gm)).toHaveLength(1);
    expect(await stage.json("state.json")).toMatchObject({ status: "approved", costUsd: 1 });
  });

  it("[R30] may die after every single event on the way through a question", async () => {
    await using stage = await setStage("question");
    while (!(await stage.kinds()).includes("step-asked")) await runOneEvent(stage);
    await stage.decide({
      kind: "answer",
      question: "q-1" as never,
      choices: [{ labels: ["red"], text: "" }],
    });
    while (!(await stage.kinds()).includes("review-concluded")) await runOneEvent(stage);
    expect((await stage.kinds()).filter((kind) => kind === "answered")).toHaveLength(1);
    expect((await stage.kinds()).filter((kind) => kind === "step-started")).toHaveLength(3);
    expect(await stage.repository.git("show", "amplify/bd-auth.1:colour.txt")).toBe("red");
  });
});
