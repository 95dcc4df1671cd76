import { describe, expect, it } from "vitest";
import { setStage } from "./fixtures/stage.ts";

describe("a session from its spec to its verdict", () => {
  it("[R1] runs through a question to an approval, with all its files", async () => {
    await using stage = await setStage("question");
    await stage.start();
    const asked = await stage.untilKind("step-asked");
    const question = asked.find((event) => event.kind === "step-asked")!.question;
    expect(question).toMatchObject({ id: "q-1", toolUseId: "call-1", asker: { phase: "implementation" } });
    await stage.decide({ kind: "answer", question: question.id, choices: [{ labels: ["blue"], text: "" }] });
    await stage.untilKind("review-concluded");
    expect(await stage.kinds()).toEqual([
      "prepared",
      "step-started",
      "step-spawned",
      "step-asked",
      "answered",
      "step-started",
      "step-spawned",
      "step-finished",
      "validated",
      "completed",
      "council-opened",
      "step-started",
      "step-spawned",
      "step-finished",
      "part-held",
      "review-concluded",
    ]);
  });
});
