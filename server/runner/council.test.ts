import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Review } from "#lib/domain/review.ts";
import { setStage } from "#e2e/fakes/scripted-agent/stage.ts";

describe("the review council", () => {
  it("[C1] goes from dissent through one rebuttal to the tech lead, whose fix is committed, validated and bound", async () => {
    await using stage = await setStage("dissent", {
      validate: [{ name: "there", command: "test -f work.txt" }],
    });
    const runner = await stage.start();
    const events = await stage.untilKind("review-concluded");
    await runner.stop();
    const held = events.filter((event) => event.kind === "part-held").map((event) => event.held);
    expect(held.map(({ part }) => part)).toEqual(["examination", "rebuttal", "arbitration"]);
    const review = (await stage.json("review.json")) as Review;
    const tip = await stage.repository.git("rev-parse", "amplify/bd-auth.1");
    expect(review).toMatchObject({ verdict: "approved", by: "arbitration", head: tip });
    expect(held[2]!.headBefore).not.toBe(tip);
    expect(await stage.repository.git("show", `${tip}:work.txt`)).toBe("done well");
    const validated = events.filter((event) => event.kind === "validated");
    expect(validated.map(({ validation }) => validation.head)).toEqual([held[0]!.headBefore, tip]);
    expect(await stage.text("output.log")).toMatch(/\nREVIEW_VERDICT: APPROVED\n$/);
  });

  it("[C2] keeps the peer reviewer's examination free of the author's words", async () => {
    await using stage = await setStage("dissent");
    await stage.start();
    const events = await stage.untilKind("review-concluded");
    const orderOf = async (step: string) =>
      JSON.parse(await stage.text(`steps/${step}/order.json`)) as {
        roles: { role: string; prompt: string; mayEdit: boolean }[];
      };
    const examination = await orderOf("002");
    const reviewer = examination.roles.find(({ role }) => role === "peer-reviewer")!;
    const opened = events.find((event) => event.kind === "council-opened")!;
    expect(reviewer.prompt).toContain(`${opened.base}..${opened.head}`);
    expect(reviewer.prompt).toContain("DESCRIPTION-OF-THE-ITEM");
    expect(reviewer.prompt).not.toContain("Do the work");
    expect(reviewer.mayEdit).toBe(false);
    const rebuttal = await orderOf("003");
    expect(rebuttal.roles.find(({ role }) => role === "peer-reviewer")!.prompt).toContain("AUTHOR-WORDS");
    expect(rebuttal.roles.find(({ role }) => role === "implementer")!.prompt).toContain(
      "It is not done well.",
    );
    expect((await orderOf("004")).roles).toMatchObject([{ role: "tech-lead", mayEdit: true }]);
  });

  it("[C3] rejects work that is red after the tech lead's fix", async () => {
    await using stage = await setStage("dissent", {
      validate: [{ name: "same", command: "! grep -q well work.txt" }],
      limits: { reworkRounds: 0 },
    });
    await stage.start();
    const events = await stage.untilKind("review-concluded");
    expect(events.find((event) => event.kind === "review-concluded")!.review).toMatchObject({
      verdict: "rejected",
      by: "arbitration",
      reason: expect.stringContaining("red"),
    });
  });

  it("[C214] commits only what the tech lead changed itself, and never what the validation has left", async () => {
    await using stage = await setStage("hollow-fix", {
      validate: [{ name: "leaves", command: "echo cache > left-by-validation.txt" }],
      limits: { reworkRounds: 0 },
    });
    const runner = await stage.start();
    const reviewed = await stage.untilKind("review-concluded");
    await runner.stop();
    const opened = reviewed.find((event) => event.kind === "council-opened")!;
    // A fix that only the validation's leftovers would make look like one is none.
    expect(await stage.json("review.json")).toMatchObject({
      verdict: "no-verdict",
      reason: "the tech-lead says that f-1 is fixed and changed nothing",
      head: opened.head,
      fixes: [],
    });
    expect(await stage.repository.git("rev-parse", "amplify/bd-auth.1")).toBe(opened.head);
  });

  it("[C4] asks once more where a role said nothing, and then there is no verdict", async () => {
    await using stage = await setStage("no-verdict");
    const runner = await stage.start();
    const events = await stage.untilKind("review-concluded");
    await runner.stop();
    expect(await stage.json("review.json")).toMatchObject({
      verdict: "no-verdict",
      reason: "the peer-reviewer did not run",
      parts: [],
      uncounted: [
        { part: "examination", attended: [{ role: "implementer", reported: true }] },
        { part: "examination", reports: [{ role: "implementer" }] },
      ],
    });
    expect(events.filter((event) => event.kind === "part-failed").map(({ reason }) => reason)).toEqual([
      "the peer-reviewer did not run",
      "the peer-reviewer did not run",
    ]);
    expect(await stage.json("state.json")).toMatchObject({
      status: "failed",
      reason: { reason: "no-verdict" },
    });
    expect(await stage.text("output.log")).not.toMatch(/^REVIEW_VERDICT/m);
    expect(await stage.text("steps/003/prompt.md")).toContain("the peer-reviewer did not run");
  });

  it("[C211] asks once more where a rebuttal leaves a finding without an answer, and then there is no verdict", async () => {
    await using stage = await setStage("owes-answers");
    const runner = await stage.start();
    await stage.untilKind("review-concluded");
    await runner.stop();
    const reason = "the implementer did not answer f-2";
    expect(await stage.json("review.json")).toMatchObject({
      verdict: "no-verdict",
      reason,
      parts: [{ part: "examination" }],
      uncounted: [
        { part: "rebuttal", reason },
        { part: "rebuttal", reason },
      ],
    });
    expect(await stage.text("steps/004/prompt.md")).toContain(reason);
  });

  it("[C5] sends a rejection back with its findings by itself, and reviews the rework anew", async () => {
    await using stage = await setStage("reject-once");
    const runner = await stage.start();
    const events = await stage.untilKind("review-concluded", 2);
    await runner.stop();
    expect(events.find((event) => event.kind === "rework-started")).toMatchObject({ round: 1, inbox: null });
    expect(await stage.text("steps/003/prompt.md")).toContain("FINDING-TEXT");
    expect(await stage.json("state.json")).toMatchObject({ status: "approved", round: 1 });
    const verdicts = (await stage.text("output.log")).match(/^REVIEW_VERDICT: .*$/gm);
    expect(verdicts).toEqual(["REVIEW_VERDICT: REJECTED", "REVIEW_VERDICT: APPROVED"]);
  });

  it("[C6] has all steps in one conversation of the agent, and says so to it", async () => {
    await using stage = await setStage("agree");
    await stage.start();
    const events = await stage.untilKind("review-concluded");
    const started = events.filter((event) => event.kind === "step-started");
    expect(new Set(started.map(({ agentSession }) => agentSession)).size).toBe(1);
    const log = await readFile(join(stage.directory, "scripted.log"), "utf8");
    expect(log).toContain("1 start start");
    expect(log).toContain("2 start resume");
  });
});
