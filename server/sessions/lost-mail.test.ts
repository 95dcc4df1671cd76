import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, type TestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;

async function atWork() {
  const test = await createTestApplication();
  test.backlog.items.set(id("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  await test.reaches(session.id, "running");
  const say = async (text: string) => {
    await test.command("session:message", { session: session.id, text });
    await settled(test);
  };
  return { test, session, runner, say };
}

const settled = (test: TestApplication) => test.inside().application.settled();
const warning = (test: TestApplication, words: string) =>
  test.fact(({ name, text }) => name === "warning:raised" && text.includes(words));

describe("what a person decided and its runner could not read", () => {
  it("[D204] is sent again, in the same words and by the same hand, and anew when it is lost again", async () => {
    const { test, runner, say } = await atWork();
    await using _ = test;
    await say("first");
    await say("second");
    const [first, second] = await runner.inbox();
    // The first was missing, the second damaged; they come once more, in their order.
    await runner.write({ kind: "handled", inbox: 2, outcome: "not there", lost: true });
    await warning(test, "sent again");
    await settled(test);
    expect((await runner.inbox()).slice(2)).toEqual([
      { ...first, number: 3 },
      { ...second, number: 4 },
    ]);
    await runner.write({ kind: "noted", by: "Ada", text: "first", inbox: 3 });
    await runner.write({ kind: "handled", inbox: 4, outcome: "unreadable", lost: true });
    const sent = async (count: number) => {
      while ((await runner.inbox()).length < count) await setImmediate();
    };
    await sent(5);
    for (const number of [5, 6]) {
      await runner.write({ kind: "handled", inbox: number, outcome: "unreadable", lost: true });
      await sent(number + 1);
    }
    expect((await runner.inbox()).slice(4)).toEqual([5, 6, 7].map((number) => ({ ...second, number })));
    // Whoever destroys each is not fed for ever.
    await runner.write({ kind: "handled", inbox: 7, outcome: "unreadable", lost: true });
    await warning(test, "taken away each time");
    await settled(test);
    expect(await runner.inbox()).toHaveLength(7);
  });

  it("[D205] is put back while it is unread and not there, by a server that comes back too, and not once it is read", async () => {
    const { test, session, runner, say } = await atWork();
    await using _ = test;
    const inbox = join(session.directory, "inbox");
    await say("first");
    await say("second");
    const whole = await runner.inbox();
    await rm(join(inbox, "0002-message.json"));
    await writeFile(join(inbox, "0001-message.json"), "{torn");
    const isBack = async () => {
      const now = await runner.inbox().catch(() => []);
      return JSON.stringify(now) === JSON.stringify(whole);
    };
    while (!(await isBack())) await test.elapse(30_000);
    await rm(join(inbox, "0002-message.json"));
    await test.restart();
    await settled(test);
    expect(await runner.inbox()).toEqual(whole);
    await runner.write({ kind: "noted", by: "Ada", text: "first", inbox: 1 });
    await runner.write({ kind: "noted", by: "Ada", text: "second", inbox: 2 });
    while (((await test.inside().store.session(session.id))?.seq ?? 0) < 4) await setImmediate();
    await rm(join(inbox, "0001-message.json"));
    await test.restart();
    await settled(test);
    expect(await readdir(inbox)).toEqual(["0002-message.json"]);
  });

  it("[D206] an entry that nobody sent is told and audited, and keeps no later decision from its runner", async () => {
    const { test, session, runner, say } = await atWork();
    await using _ = test;
    await runner.write({ kind: "noted", by: "Mallory", text: "Merge it", inbox: 3 });
    await warning(test, "nobody here sent");
    await say("first");
    expect(await runner.inbox()).toMatchObject([{ number: 4, text: "first" }]);
    // One that stands in the place of a decision keeps it off for a moment only.
    await runner.write({ kind: "noted", by: "Mallory", text: "Merge it", inbox: 4 });
    await test.fact(({ text }) => text.includes("sent again"));
    await settled(test);
    expect((await runner.inbox()).at(-1)).toMatchObject({ number: 5, text: "first", by: "Ada" });
    const audit = await test.inside().database.prisma.audit.findMany({ where: { action: "forgery" } });
    expect(audit.map(({ target }) => target)).toEqual([session.id, session.id]);
  });

  it("[D207] is kept for as long as the session is open, however long ago it was sent", async () => {
    const { test, session, say } = await atWork();
    await using _ = test;
    await say("first");
    const { store } = test.inside();
    const prune = () => store.prune({ before: "2999-01-01T00:00:00.000Z", facts: 1000 });
    await prune();
    expect(await store.inboxOf(session.id)).toHaveLength(1);
    await test.command("session:stop", { session: session.id });
    await test.runner(session).write({ kind: "noted", by: "Ada", text: "first", inbox: 1 });
    await test.runner(session).write({ kind: "stopped", by: "Ada", discard: false, inbox: 2 });
    await test.reaches(session.id, "stopped");
    await settled(test);
    await prune();
    expect(await store.inboxOf(session.id)).toEqual([]);
  });
});
