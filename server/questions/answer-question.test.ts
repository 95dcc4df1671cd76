import { describe, expect, it } from "vitest";
import { parseItemId, parseQuestionId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
import { createTestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;
const q1 = parseQuestionId("q-1");

async function withQuestion(options: readonly string[] = ["bcrypt", "argon2"]) {
  const test = await createTestApplication();
  test.backlog.items.set(id("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  await runner.ask("Which hash?", options);
  await test.reaches(session.id, "waiting");
  return { test, session, runner };
}

describe("questions", () => {
  it("[Q1] an answer is a row first and a message to the runner then, and counts at once", async () => {
    const { test, session, runner } = await withQuestion();
    await using _ = test;
    const asked = await test.fact(({ name }) => name === "question:asked");
    expect(asked.changes.questions).toMatchObject([
      { session: session.id, question: { id: "q-1", status: "open" } },
    ]);
    const { question, delivery } = await test.command("question:answer", { text: "Argon2" });
    expect(delivery).toBe("delivered");
    expect(question.question).toMatchObject({
      status: "answered",
      answer: { by: "Ada", choices: [{ labels: ["argon2"], text: "" }] },
    });
    expect((await test.session(session.id)).openQuestions).toBe(0);
    await test.inside().application.settled();
    expect(await runner.inbox()).toMatchObject([
      { number: 1, kind: "answer", question: "q-1", choices: [{ labels: ["argon2"], text: "" }], by: "Ada" },
    ]);
  });

  it("[Q2] the first answer wins; a second one is told who, when and what", async () => {
    const { test, session } = await withQuestion();
    await using _ = test;
    const answers = await Promise.allSettled([
      test.command("question:answer", { session: session.id, question: q1, text: "bcrypt" }),
      test.command("question:answer", { session: session.id, question: q1, text: "argon2" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = answers.find((each) => each.status === "rejected");
    expect(refused?.reason).toMatchObject({
      problem: {
        code: "conflict",
        message: expect.stringMatching(/^Ada answered it at .*: "(bcrypt|argon2)"; that answer/) as unknown,
      },
    });
  });

  it("[Q3] an unknown question lists the open ones, and none open says so", async () => {
    const { test, session } = await withQuestion();
    await using _ = test;
    const unknown = { session: session.id, question: parseQuestionId("q-7"), text: "x" };
    await expect(test.command("question:answer", unknown)).rejects.toMatchObject({
      problem: {
        code: "not-found",
        fix: expect.stringContaining(`${session.id} q-1: Which hash?`) as unknown,
      },
    });
    await test.command("question:answer", { text: "bcrypt" });
    await expect(test.command("question:answer", { text: "bcrypt" })).rejects.toMatchObject({
      problem: { code: "not-found", message: "No question is open." },
    });
  });

  it("[Q4] an answer to a session at rest is kept, also when the run withdraws the question later", async () => {
    const { test, session, runner } = await withQuestion();
    await using _ = test;
    await runner.write({ kind: "interrupted", why: "The machine was started anew" });
    await test.reaches(session.id, "interrupted");
    const { delivery } = await test.command("question:answer", { session: session.id, text: "bcrypt" });
    expect(delivery).toBe("kept");
    await runner.write({ kind: "withdrawn", question: q1, reason: "given up" });
    await test.fact(({ name }) => name === "question:withdrawn");
    const { questions } = await test
      .inside()
      .application.read("session", { session: session.id }, { actor: actorNamed("Ada", "viewer") });
    expect(questions).toMatchObject([{ status: "answered", answer: { by: "Ada" } }]);
  });

  it("[Q5] an unfitting answer changes nothing and lists the parts", async () => {
    const { test, session, runner } = await withQuestion();
    await using _ = test;
    const choices = [{ labels: ["md5"], text: "" }];
    await expect(test.command("question:answer", { session: session.id, choices })).rejects.toMatchObject({
      problem: { code: "invalid", fix: expect.stringContaining("bcrypt | argon2") as unknown },
    });
    expect((await test.session(session.id)).openQuestions).toBe(1);
    expect(await runner.inbox()).toEqual([]);
  });
});
