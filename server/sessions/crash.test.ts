import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { actorFor, parseItemId, parseQuestionId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
import { createTestApplication, type TestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;

/** A server that dies at one of two points, as often as it is told to. */
async function mortal() {
  let dies: "never" | "before the effect" | "after the effect" = "never";
  const test = await createTestApplication({
    store: (store) => ({
      ...store,
      pendingEffects: (lane) =>
        dies === "before the effect" ? Promise.resolve([]) : store.pendingEffects(lane),
      commit(change, at) {
        if (dies === "after the effect" && (change.done?.length ?? 0) > 0) {
          return Promise.reject(new Error("The server was killed here."));
        }
        return store.commit(change, at);
      },
    }),
  });
  test.backlog.items.set(id("t-1"), memoryItem("t-1"));
  await test.add();
  return { test, die: (when: typeof dies) => (dies = when) };
}

describe("a server that dies", () => {
  it.each(["before the effect", "after the effect"] as const)(
    "[F6] %s does what it had decided exactly once when it comes back",
    async (when) => {
      const { test, die } = await mortal();
      await using _ = test;
      die(when);
      const { session } = await test.command("session:dispatch", { item: id("t-1") });
      await test.reaches(session.id, "preparing");
      await test.command("session:message", { session: session.id, text: "Mind the tests" });
      await test.restart({ before: () => Promise.resolve(void die("never")) });
      await test.inside().application.settled();

      expect(await readdir(join(session.directory, "inbox"))).toEqual(["0001-message.json"]);
      expect(await test.runner(session).spec()).toMatchObject({ session: session.id });
      expect(test.backlog.items.get(id("t-1"))?.assignee).toBe(actorFor(session.id));
      expect(await test.inside().store.pendingEffects()).toEqual([]);
      const before = await readFile(join(session.directory, "inbox/0001-message.json"), "utf8");
      await test.restart();
      await test.inside().application.settled();
      expect(await readFile(join(session.directory, "inbox/0001-message.json"), "utf8")).toBe(before);
      expect(await test.inside().store.open(null)).toHaveLength(1);
    },
  );

  it("[F7] nothing new is started before what was decided is done", async () => {
    const { test, die } = await mortal();
    await using _ = test;
    die("before the effect");
    await test.command("session:dispatch", { item: id("t-1") });
    await test.restart({ before: () => Promise.resolve(void die("never")) });
    await test.inside().application.settled();
    const effects = test.backlog.calls.filter((call) => call.startsWith("claim"));
    expect(effects).toHaveLength(1);
    expect((await test.session("t-1")).status).toBe("preparing");
  });

  it("[F8] an event file that was torn or forged is not believed, and what came before it is", async () => {
    const { test } = await mortal();
    await using _ = test;
    const { session, runner } = await test.dispatch("t-1");
    await runner.prepare();
    await test.reaches(session.id, "running");
    const { appendFile } = await import("node:fs/promises");
    const file = join(session.directory, "events.jsonl");
    await appendFile(file, '{"seq":9,"event":{"kind":"completed"}}\n');
    const warning = await test.fact(({ name }) => name === "warning:raised");
    expect(warning.text).toContain("cannot be believed from event 2 on");
    expect((await test.session(session.id)).status).toBe("running");
  });
});

describe("a server that comes back", () => {
  const living = { pid: 4711, startTicks: "1", bootId: "b" };
  const question = (toolUseId: string | null) => ({
    id: parseQuestionId("q-1"),
    prompts: [{ text: "Which?", header: "", options: [], multiple: false }],
    asker: { role: "implementer", phase: "implementation", step: 1 } as const,
    context: "",
    askedAt: "2026-01-01T00:00:00.000Z",
    toolUseId,
  });
  const states: {
    what: string;
    isSought: boolean;
    come: (test: TestApplication, session: SessionView) => Promise<SessionView["status"]>;
  }[] = [
    {
      what: "waits while its agent polls for the answer",
      isSought: true,
      async come(test, session) {
        await test.runner(session).startStep(living);
        await test.runner(session).write({ kind: "asked", question: question(null) });
        return "waiting";
      },
    },
    {
      what: "waits and has an answer that was not read",
      isSought: true,
      async come(test, session) {
        await test.runner(session).startStep();
        await test.runner(session).ask("Which?");
        await test.reaches(session.id, "waiting");
        await test.command("question:answer", { session: null, question: null, text: "this one" });
        return "waiting";
      },
    },
    {
      what: "was rejected and has rounds of rework left",
      isSought: true,
      async come(test, session) {
        const runner = test.runner(session);
        await runner.startStep();
        await runner.work("a.txt", "a\n");
        await runner.complete();
        await runner.review("changes");
        return "rejected";
      },
    },
    {
      what: "has failed and was told to go on",
      isSought: true,
      async come(test, session) {
        const failure = { reason: "agent-crashed", detail: "exit 1" } as const;
        await test.runner(session).write({ kind: "failed", failure });
        await test.reaches(session.id, "failed");
        await test.command("session:resume", { session: session.id });
        return "failed";
      },
    },
    {
      what: "was stopped and is to be given up",
      isSought: true,
      async come(test, session) {
        await test.command("session:stop", { session: session.id });
        await test.runner(session).write({ kind: "stopped", by: "Ada", discard: false, inbox: 1 });
        await test.reaches(session.id, "stopped");
        await test.command("session:stop", { session: session.id, discard: true });
        return "stopped";
      },
    },
    {
      what: "waits without a process",
      isSought: false,
      async come(test, session) {
        await test.runner(session).startStep();
        await test.runner(session).ask("Which?");
        return "waiting";
      },
    },
  ];
  it.each(states)(
    "[V23] sees to a runner for a session that $what: $isSought",
    async ({ come, isSought }) => {
      const { test } = await mortal();
      await using _ = test;
      const { session, runner } = await test.dispatch("t-1");
      await runner.prepare();
      const status = await come(test, session);
      await test.reaches(session.id, status);
      await test.inside().application.settled();
      let before = 0;
      await test.restart({ before: () => Promise.resolve(void (before = test.runnerSought)) });
      await test.inside().application.settled();
      expect((await test.session(session.id)).status).toBe(status);
      expect(test.runnerSought > before).toBe(isSought);
    },
  );

  it("[V20] what was stopped, and then given up while no runner lived, is given up when one has done it", async () => {
    const { test } = await mortal();
    await using _ = test;
    const { session, runner } = await test.dispatch("t-1");
    await runner.prepare();
    await test.command("session:stop", { session: session.id });
    await runner.write({ kind: "stopped", by: "Ada", discard: false, inbox: 1 });
    await test.reaches(session.id, "stopped");
    await test.command("session:stop", { session: session.id, discard: true });
    await test.inside().application.settled();
    await test.restart({
      before: () => runner.write({ kind: "stopped", by: "Ada", discard: true, inbox: 2 }),
    });
    await test.inside().application.settled();
    expect(await test.inside().store.open(null)).toEqual([]);
    expect(test.backlog.items.get(id("t-1"))).toMatchObject({ status: "open", assignee: null });
  });
});

it("[V17] a database that cannot be read for a moment delays what was decided, and no more", async () => {
  let isBlind = false;
  await using test = await createTestApplication({
    store: (store) => ({
      ...store,
      pendingEffects: (lane) =>
        isBlind ? Promise.reject(new Error("SQLITE_BUSY")) : store.pendingEffects(lane),
    }),
  });
  test.backlog.items.set(id("t-1"), memoryItem("t-1"));
  await test.add();
  isBlind = true;
  const { session } = await test.command("session:dispatch", { item: id("t-1") });
  await test.reaches(session.id, "preparing");
  isBlind = false;
  await test.elapse(5000);
  await test.inside().application.settled();
  expect(await test.runner(session).spec()).toMatchObject({ session: session.id });
  isBlind = true;
  await test.command("session:message", { session: session.id, text: "Mind the tests" });
  // A server that stops meanwhile stops, and the next one does it.
  await test.restart({
    before() {
      isBlind = false;
      return Promise.resolve();
    },
  });
  await test.inside().application.settled();
  expect(await readdir(join(session.directory, "inbox"))).toEqual(["0001-message.json"]);
});

it("[V18] a database that cannot be read while orchestrator.json is written ends nothing; the next change writes it", async () => {
  let isBlind = false;
  await using test = await createTestApplication({
    store: (store) => ({
      ...store,
      sessions: (query) => (isBlind ? Promise.reject(new Error("SQLITE_FULL")) : store.sessions(query)),
      repositories: () => (isBlind ? Promise.reject(new Error("SQLITE_FULL")) : store.repositories()),
    }),
  });
  for (const item of ["t-1", "t-2"]) test.backlog.items.set(id(item), memoryItem(item));
  await test.add();
  const { session } = await test.dispatch("t-1");
  isBlind = true;
  await test.command("session:message", { session: session.id, text: "Mind the tests" });
  await test.inside().application.settled();
  isBlind = false;
  await test.dispatch("t-2");
  await test.inside().application.settled();
  const file = join(session.directory, "../../orchestrator.json");
  const { sessions } = JSON.parse(await readFile(file, "utf8")) as { sessions: { item: string }[] };
  expect(sessions.map(({ item }) => item).toSorted()).toEqual(["t-1", "t-2"]);
});

describe("facts", () => {
  it("[F9] a client that comes back gets exactly what it missed, in order and without a gap", async () => {
    const { test } = await mortal();
    await using _ = test;
    const { application, store } = test.inside();
    const actor = actorNamed("Vera", "viewer");
    const answer = await application.follow(null, { actor });
    if (answer.kind !== "snapshot") throw new Error("expected a snapshot");
    const heard: number[] = [];
    application.onFacts((facts) => heard.push(...facts.map(({ seq }) => seq)));
    const { runner, session } = await test.dispatch("t-1");
    await runner.bringToApproval();
    await test.reaches(session.id, "approved");
    const last = await store.lastFact();
    const missed = await application.follow(answer.snapshot.seq, { actor });
    if (missed.kind !== "facts") throw new Error("expected facts");
    const numbers = missed.facts.map(({ seq }) => seq);
    expect(numbers).toEqual(
      Array.from({ length: last - answer.snapshot.seq }, (_, index) => answer.snapshot.seq + 1 + index),
    );
    expect(heard).toEqual(numbers.slice(-heard.length));
    const shown = missed.facts.flatMap(({ changes }) => changes.sessions ?? []).at(-1);
    const now = await test.session(session.id);
    expect(shown).toEqual({ ...now, evidence: shown?.evidence });
    expect(await application.follow(last, { actor })).toEqual({ kind: "facts", facts: [] });
    expect((await application.follow(last + 1, { actor })).kind).toBe("snapshot");
  });

  it("[F10] a role that is too low changes nothing", async () => {
    const { test } = await mortal();
    await using _ = test;
    const actor = actorNamed("Vera", "viewer");
    const order = test.command("session:dispatch", { item: id("t-1") }, { actor });
    await expect(order).rejects.toMatchObject({ problem: { code: "forbidden" } });
    const operator = actorNamed("Otto", "operator");
    await expect(test.command("merge:start", {}, { actor: operator })).rejects.toMatchObject({
      problem: { code: "forbidden" },
    });
    expect(await test.inside().store.open(null)).toEqual([]);
  });
});
