import { expect, it } from "vitest";
import { parseItemId, parseQuestionId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";

const q1 = parseQuestionId("q-1");
const argon = [{ labels: ["argon2"], text: "" }];

/** A session that has just asked. */
async function asks(test: TestApplication, item: string, text: string, options: readonly string[]) {
  test.backlog.items.set(parseItemId(item), memoryItem(item));
  await test.inside().application.settled();
  const { session, runner } = await test.dispatch(item);
  await runner.prepare();
  await runner.startStep();
  await runner.ask(text, options);
  const fact = await test.fact(({ name, session: of }) => name === "question:asked" && of === session.id);
  await test.inside().application.settled();
  const detail = await test.inside().application.read("session", { session: session.id }, { actor: owner });
  return { session, runner, fact, question: detail.questions[0]! };
}

it("[Q110, Q111, Q112] a standing answer is given at a question's arrival, says so, and is asked for again once revoked", async () => {
  await using test = await createTestApplication({ limit: 9 });
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const first = await asks(test, "t-1", "Which hash?", ["bcrypt", "argon2"]);
  await test.command("question:answer", { text: "argon2" });
  const { answer: rule } = await test.command("answers:add", {
    from: { session: first.session.id, question: q1 },
  });
  expect(rule).toMatchObject({
    id: 1,
    rule: { texts: ["Which hash?"], options: [["bcrypt", "argon2"]], agentType: null },
    choices: argon,
  });

  // The same words, whatever their blanks.
  const second = await asks(test, "t-2", "Which\n hash? ", ["argon2", "bcrypt"]);
  expect(second.question).toMatchObject({
    status: "answered",
    answer: { by: "standing answer #1 of Ada", rule: 1, choices: argon },
  });
  expect(await second.runner.inbox()).toMatchObject([{ kind: "answer", by: "standing answer #1 of Ada" }]);
  const answered = await test.fact(
    ({ name, session }) => name === "question:answered" && session === second.session.id,
  );
  expect(answered.seq).toBe(second.fact.seq + 1);
  const read = () => test.inside().application.read("answers", { repository: null }, { actor: owner });
  expect(await read()).toMatchObject([{ id: 1, used: 1 }]);

  // Other options, and other words, are for a person.
  expect((await asks(test, "t-3", "Which hash?", ["md5"])).question.status).toBe("open");
  expect((await asks(test, "t-4", "Which hash now?", ["bcrypt", "argon2"])).question.status).toBe("open");

  await test.restart();
  await test.command("answers:remove", { id: 1 });
  expect(await read()).toEqual([]);
  expect((await asks(test, "t-5", "Which hash?", ["bcrypt", "argon2"])).question.status).toBe("open");
  await expect(test.command("answers:remove", { id: 1 })).rejects.toMatchObject({
    problem: {
      code: "conflict",
      message: expect.stringMatching(/^Standing answer #1 was revoked by Ada/) as unknown,
    },
  });
});

it("[Q113] where two rules would say different things a person is asked, and a second rule for the same is refused", async () => {
  await using test = await createTestApplication();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const rule = { texts: ["Which hash?"], options: null, agentType: null };
  await test.command("answers:add", { rule, choices: argon });
  await expect(
    test.command("answers:add", { rule, choices: [{ labels: [], text: "none" }] }),
  ).rejects.toMatchObject({ problem: { code: "conflict" } });
  const narrow = { ...rule, options: [["bcrypt", "argon2"]] };
  await test.command("answers:add", { rule: narrow, choices: [{ labels: ["bcrypt"], text: "" }] });
  expect((await asks(test, "t-1", "Which hash?", ["bcrypt", "argon2"])).question.status).toBe("open");
  expect((await asks(test, "t-2", "Which hash?", ["argon2", "md5"])).question).toMatchObject({
    status: "answered",
    answer: { rule: 1 },
  });
  // Its choice is not among what is offered here.
  expect((await asks(test, "t-3", "Which hash?", ["md5"])).question.status).toBe("open");
  const { answer } = await test.command("answers:add", {
    rule,
    choices: [{ labels: ["bcrypt"], text: "" }],
    replaces: 1,
  });
  expect(answer.id).toBe(3);
  expect((await asks(test, "t-4", "Which hash?", ["bcrypt", "argon2"])).question).toMatchObject({
    answer: { rule: 2 },
  });
});

it("[Q114] one answer goes to all questions that are alike, each by itself, and unlike ones are refused", async () => {
  await using test = await createTestApplication({ limit: 9 });
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const one = await asks(test, "t-1", "Which hash?", ["bcrypt", "argon2"]);
  const two = await asks(test, "t-2", "Which hash?", ["bcrypt", "argon2"]);
  const three = await asks(test, "t-3", "Which hash?", ["bcrypt", "argon2"]);
  const other = await asks(test, "t-4", "Which salt?", ["bcrypt", "argon2"]);
  await test.command("question:answer", { session: two.session.id, question: q1, text: "bcrypt" });
  const chosen = [one, two, three].map(({ session }) => ({ session: session.id, question: q1 }));
  await expect(
    test.command("question:answer-alike", {
      questions: [...chosen, { session: other.session.id, question: q1 }],
      choices: argon,
    }),
  ).rejects.toMatchObject({ problem: { code: "invalid" } });
  expect((await test.session(one.session.id)).openQuestions).toBe(1);
  const key = "answer-alike-key";
  const { results } = await test.command(
    "question:answer-alike",
    { questions: chosen, choices: argon },
    { key },
  );
  expect(results).toMatchObject([
    { delivery: "delivered", problem: null },
    { delivery: null, problem: expect.stringMatching(/^Ada answered it at /) as unknown },
    { delivery: "delivered", problem: null },
  ]);
  expect(await test.command("question:answer-alike", { questions: chosen, choices: argon }, { key })).toEqual(
    { results },
  );
  await test.inside().application.settled();
  expect(await one.runner.inbox()).toHaveLength(1);
  expect(await three.runner.inbox()).toHaveLength(1);
});

it("[Q115] what a session asked is withdrawn when its item is dispatched again", async () => {
  await using test = await createTestApplication();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await asks(test, "t-1", "Which hash?", ["bcrypt"]);
  await runner.write({ kind: "interrupted", why: "The machine was started anew" });
  await test.reaches(session.id, "interrupted");
  await test.dispatch("t-1");
  const { questions } = await test
    .inside()
    .application.read("session", { session: session.id }, { actor: owner });
  expect(questions).toMatchObject([{ status: "withdrawn", reason: "its item was dispatched again" }]);
  expect((await test.session(session.id)).openQuestions).toBe(0);
});
