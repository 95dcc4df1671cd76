import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { expectLogsWhole, expectNoOrphans, expectStartedOnce } from "./harness/oracle.ts";
import { openScenario, times } from "./harness/tier.ts";
import { createWorld, type World } from "./harness/world.ts";

const agents = 10;
const perAgent = times(20, 1000);
/** `answers.json` and the history of one session stay of a size that people read. */
const perSession = Math.min(perAgent, 50);
const { dice, count } = openScenario("answers");

const question = (number: number) => `What is the value of ${number}?`;
const answerOf = (id: string, number: number) => `value ${number} for ${id}`;

it(
  `[V8] ${agents * perAgent} answers while server and runner are killed: each counts and is delivered exactly once`,
  async () => {
    await using world = await createWorld({ talk: 0 });
    for (let done = 0; done < perAgent; done += perSession)
      await askAll(world, Math.min(perSession, perAgent - done));
  },
  24 * 3_600_000,
);

async function askAll(world: World, questions: number) {
  const script = Array.from({ length: questions }, (_, number) => `ask: Value | ${question(number)}`).join(
    "\n",
  );
  const sessions = await Promise.all(
    Array.from({ length: agents }, (_, agent) => world.dispatch(`Asks ${agent}`, script)),
  );
  const abort = new AbortController();
  const killing = killNowAndThen(world, abort.signal);
  await Promise.all(sessions.map((session) => answerAll(world, session, questions)));
  abort.abort();
  await killing;
  for (const { id } of sessions) {
    await world.until(`${id} is approved`, async () => (await world.session(id)).status === "approved");
    await expectEachOnce(world, id, questions);
  }
  await expectLogsWhole(world, sessions);
  await expectStartedOnce(world);
  expectNoOrphans(sessions);
}

async function killNowAndThen(world: World, signal: AbortSignal) {
  for (;;) {
    await pause(dice.between(0, 2000), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (dice.chance(0.4)) {
      if (await world.killRunner()) count("kills of the runner");
      continue;
    }
    await world.killServer();
    count("kills of the server");
    world.beginServer();
    // Mostly the next one gets to work before it dies as well.
    if (dice.chance(0.8)) await world.read("repositories", {});
  }
}

/** As two people do who do not know of each other: sometimes the same question is answered twice. */
async function answerAll(world: World, { id }: SessionView, questions: number) {
  for (let number = 0; number < questions; number++) {
    const name = `q-${number + 1}`;
    await world.until(`${id} asks ${name}`, async () => {
      const open = await world.read("questions", {});
      return open.some((each) => each.session === id && each.question.id === name);
    });
    const give = (text: string) => world.command("question:answer", { session: id, question: name, text });
    await give(answerOf(id, number));
    count("answers");
    if (!dice.chance(0.1)) continue;
    await expect(give("too late")).rejects.toThrow(/answered/);
    count("second answers refused");
  }
}

/** The database, `answers.json`, and what the agent itself heard in all its steps, say the same. */
async function expectEachOnce(world: World, id: string, questions: number) {
  const { session, questions: rows } = await world.read("session", { session: id });
  const wanted = Array.from({ length: questions }, (_, number) => answerOf(id, number));
  const given = rows.map((row) => (row.status === "answered" ? row.answer.choices[0]?.text : row.status));
  expect(given, "in the database").toEqual(wanted);
  const file = JSON.parse(await readFile(join(session.directory, "answers.json"), "utf8")) as {
    answer: string;
  }[];
  expect(
    file.map(({ answer }) => answer),
    "in answers.json",
  ).toEqual(wanted);
  const records = (await readdir(world.oracle)).filter((name) => name.startsWith(`${id}.`));
  const steps = records.toSorted((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1]));
  const heard: string[] = [];
  for (const name of steps) {
    const said = await readFile(join(world.oracle, name), "utf8");
    for (const line of said.split("\n").filter((each) => each.includes('"tool_result"'))) {
      heard.push(
        ...[...line.matchAll(/Answer: (value \d+ for session-[\w-]+)/g)].map(([, text = ""]) => text),
      );
    }
  }
  expect(heard, "delivered to the agent").toEqual(wanted);
}
