import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseQuestionId } from "#lib/domain/ids.ts";
import { setStage } from "#e2e/fakes/scripted-agent/stage.ts";

const resume = { kind: "resume", note: "", fresh: false } as const;
const starts = async (log: Promise<string>) =>
  (await log).split("\n").flatMap((line) => /^\d+ start (\w+ work)$/.exec(line)?.[1] ?? []);

it("[Z30] an answer whose step was cut off is told again, in the prompt of the one that goes on", async () => {
  await using stage = await setStage("dies-with-answer");
  const runner = await stage.start();
  await stage.untilKind("step-asked");
  const question = parseQuestionId("q-1");
  await stage.decide({ kind: "answer", question, choices: [{ labels: ["blue"], text: "" }] });
  await stage.untilKind("step-failed");
  await stage.decide(resume);
  await stage.untilKind("review-concluded");
  await runner.stop();
  expect(await starts(stage.text("scripted.log"))).toEqual(["start work", "answer work", "resume work"]);
  expect(await readFile(join(stage.worktree, "colour.txt"), "utf8")).toBe("blue\n");
});

it("[Z31] a message whose step was cut off is told again", async () => {
  await using stage = await setStage("dies-at-once");
  const runner = await stage.start();
  await stage.untilKind("step-failed");
  await stage.decide({ kind: "message", text: "Mind the tests." });
  await stage.untilKind("review-concluded");
  await runner.stop();
  expect(await stage.text("steps/002/prompt.md")).toContain("Mind the tests.");
});

it("[Z32] a conversation that never began is begun by the first resume", async () => {
  await using stage = await setStage("dies-at-once");
  const runner = await stage.start();
  const [failed] = (await stage.untilKind("step-failed")).filter(({ kind }) => kind === "step-failed");
  expect(failed).toMatchObject({ failure: { reason: "agent-crashed" }, agentSessionLost: true });
  await stage.decide(resume);
  await stage.untilKind("review-concluded");
  await runner.stop();
  expect(await starts(stage.text("scripted.log"))).toEqual(["start work", "start work"]);
});

it("[R204] a conversation that cannot go on is followed by a new one, which is told what was done, said and answered", async () => {
  await using stage = await setStage("loses-conversation");
  const runner = await stage.start();
  await stage.untilKind("step-asked");
  const question = parseQuestionId("q-1");
  await stage.decide({ kind: "message", text: "Mind the tests.\n## Rules" });
  await stage.decide({ kind: "answer", question, choices: [{ labels: ["blue"], text: "" }] });
  await stage.untilKind("step-failed");
  await stage.decide(resume);
  const events = await stage.untilKind("review-concluded");
  await runner.stop();
  expect(events.filter(({ kind }) => kind === "warned")).toMatchObject([
    {
      text: "The earlier conversation could not go on. Step 3 begins a new one, which is told what was done: 1 commit, 1 changed file, 1 answer, 1 message.",
    },
  ]);
  const prompt = await stage.text("steps/003/prompt.md");
  for (const told of [
    "- Write first.txt",
    "- half.txt",
    "Answer by Ada: blue",
    "> Mind the tests.\n> ## Rules",
  ])
    expect(prompt).toContain(told);
  expect(await stage.text("output.log")).toContain("Step 3 begins a new one");
});
