import { describe, expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { actorFor, parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;
const operator = actorNamed("Bob", "operator");

/** Puts items into the backlog; `t-2 < t-1` waits for t-1. */
function fill(test: TestApplication, ...items: readonly string[]) {
  for (const text of items) {
    const [item = "", on] = text.split(" < ");
    const dependencies = on ? [{ from: id(item), to: id(on), kind: "blocks" }] : [];
    test.backlog.items.set(id(item), memoryItem(item, { dependencies, labels: ["project:auth"] }));
  }
}

async function sessionOf(test: TestApplication, item: string): Promise<SessionView> {
  await test.fact(({ changes }) => changes.sessions?.some((each) => each.item.id === item) ?? false);
  await test.inside().application.settled();
  return test.session(item);
}

async function approve(test: TestApplication, item: string, file = `${item}.txt`) {
  const session = await sessionOf(test, item);
  await test.runner(session).bringToApproval(file);
  return session;
}

const loops = (test: TestApplication) => test.inside().application.read("loops", {}, { actor: owner });
const finished = (test: TestApplication) =>
  test.fact(({ name }) => name === "loop:finished").then(({ changes }) => changes.loops?.[0]);

describe("dispatch-ready", () => {
  it("[X1] makes a session for every item that can be worked on, and says why not for the others", async () => {
    await using test = await createTestApplication({ limit: 1 });
    await test.add();
    fill(test, "t-1", "t-2 < t-1", "t-3");
    test.backlog.items.set(id("t-4"), memoryItem("t-4", { type: "epic" }));
    test.backlog.items.set(
      id("t-5"),
      memoryItem("t-5", { assignee: "Cem", labels: ["agent:backend-engineer"] }),
    );
    await test.dispatch("t-3");
    const { dispatched, skipped } = await test.command("session:dispatch-ready", {});
    expect(dispatched.map(({ item, status, agent }) => [item.id, status, agent.type, agent.why])).toEqual([
      ["t-1", "queued", "default", "no label and no rule names a type"],
    ]);
    expect(skipped.map(({ item, why }) => [item, why.replace(/session-\S+/, "session")])).toEqual([
      ["t-2", "blocked by t-1"],
      ["t-3", "has session (preparing)"],
      ["t-4", "epic"],
      ["t-5", "assigned to Cem"],
    ]);
  });

  it("[X2] takes a project with and without its prefix, and lists the labels where it is unknown", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1", "t-2");
    test.backlog.items.set(id("u-1"), memoryItem("u-1", { labels: ["ui"] }));
    const first = await test.command("session:dispatch-ready", { project: "auth" });
    expect(first.dispatched.map(({ item }) => item.id).sort()).toEqual(["t-1", "t-2"]);
    const again = await test.command("session:dispatch-ready", { project: "project:auth" });
    expect([again.dispatched.length, again.skipped.map(({ item }) => item)]).toEqual([0, ["t-1", "t-2"]]);
    await expect(test.command("session:dispatch-ready", { project: "billing" })).rejects.toMatchObject({
      problem: { code: "not-found", fix: "Labels present: project:auth, ui" },
    });
  });
});

describe("the loop", () => {
  it("[X3] dispatches, lands and dispatches what that unblocked, until everything is done", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1", "t-2 < t-1");
    const { loop, started } = await test.command("loop:start", { landing: "auto" });
    expect([loop.status, loop.landing, started]).toEqual(["running", "auto", true]);
    const first = await approve(test, "t-1");
    await test.reaches(first.id, "merged");
    const second = await approve(test, "t-2");
    expect(await finished(test)).toMatchObject({
      status: "finished",
      reason: "Everything is done.",
      parked: [],
    });
    expect(await test.session(second.id)).toMatchObject({ status: "merged", createdBy: "Ada (loop)" });
    expect([...test.backlog.items.values()].map(({ status }) => status)).toEqual(["closed", "closed"]);
  });

  it("[X4] waits for a person to land where it was told to ask", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1");
    const bob = await test.join("Bob", "operator");
    await test.command("loop:start", { landing: "ask" }, { actor: bob });
    const { id: session } = await approve(test, "t-1");
    await test.reaches(session, "approved");
    await test.inside().application.settled();
    expect([await test.session(session), (await loops(test))[0]]).toMatchObject([
      { status: "approved" },
      { status: "running" },
    ]);
    await test.command("merge:start", { session });
    expect(await finished(test)).toMatchObject({ parked: [] });
  });

  it("[X4] lands by itself only for who may land", async () => {
    await using test = await createTestApplication();
    await test.add();
    await expect(test.command("loop:start", { landing: "auto" }, { actor: operator })).rejects.toMatchObject({
      problem: { code: "forbidden" },
    });
  });

  it("[T20] loses the right to land with the one who started it, and ends with them", async () => {
    await using test = await createTestApplication();
    const repository = await test.add();
    fill(test, "t-1", "t-2");
    const bob = await test.join("Bob", "operator");
    await test.command("team:grant", { person: bob.person, repository, lands: true });
    const lander = { ...bob, lands: [repository] };
    const { loop } = await test.command("loop:start", { landing: "auto" }, { actor: lander });
    const first = await sessionOf(test, "t-1");
    await test.command("team:grant", { person: bob.person, repository, lands: false });
    await test.fact(
      ({ name, text }) => name === "loop:advanced" && text.includes("may not land here any more"),
    );
    await test.runner(first).bringToApproval("t-1.txt");
    await test.reaches(first.id, "approved");
    await test.inside().application.settled();
    expect((await loops(test))[0]).toMatchObject({ id: loop.id, status: "running", landing: "ask" });
    expect((await test.session(first.id)).status).toBe("approved");
    await test.command("team:role", { person: bob.person, role: "viewer" });
    await test.fact(({ name }) => name === "loop:stopped");
    expect((await loops(test))[0]).toMatchObject({ status: "stopped" });
  });

  it("[X5] parks what failed, gives its item back, and goes on with the others", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1", "t-2", "t-3 < t-1");
    await test.command("loop:start", { landing: "auto" });
    const { id: session } = await sessionOf(test, "t-1");
    const runner = test.runner(await test.session("t-1"));
    await runner.prepare();
    await runner.write({ kind: "failed", failure: { reason: "no-change", detail: "" } });
    await approve(test, "t-2");
    const loop = await finished(test);
    expect(loop?.parked).toMatchObject([{ item: "t-1", session, isFailure: true }]);
    expect(loop?.reason).toContain("1 item that a person has to look at");
    expect(test.backlog.items.get(id("t-2"))?.status).toBe("closed");
    await test.inside().application.settled();
    expect(test.backlog.items.get(id("t-1"))).toMatchObject({ status: "open", assignee: null });
    await test.command("session:resume", { session });
    await test.inside().application.settled();
    expect(test.backlog.items.get(id("t-1"))?.assignee).toBe(actorFor((await test.session(session)).id));
  });

  it("[X5] parks an item that no session can be made for", async () => {
    await using test = await createTestApplication();
    await test.add();
    test.backlog.items.set(id("t-1"), memoryItem("t-1", { labels: ["agent:nosuch-type"] }));
    await test.command("loop:start", { landing: "auto" });
    const loop = await finished(test);
    expect(loop?.parked).toMatchObject([{ item: "t-1", session: null, isFailure: true }]);
    expect(loop?.parked[0]?.why).toContain("nosuch-type");
  });

  it("[X5] does not begin again what a person stopped", async () => {
    await using test = await createTestApplication({ limit: 1 });
    await test.add();
    fill(test, "t-1", "t-2");
    await test.command("loop:start", { landing: "auto" });
    await sessionOf(test, "t-2");
    const queued = (await test.session("t-1")).status === "queued" ? "t-1" : "t-2";
    await test.command("session:stop", { session: queued, discard: true });
    await approve(test, queued === "t-1" ? "t-2" : "t-1");
    expect((await finished(test))?.parked).toMatchObject([{ item: queued, isFailure: false }]);
  });

  it("[X7] lands what touches the same file one after the other, the second after its check anew", async () => {
    await using test = await createTestApplication({ files: { "shared.txt": "1\n2\n3\n" } });
    await test.add();
    fill(test, "t-1", "t-2");
    await test.command("loop:start", { landing: "auto" });
    const [first, second] = [await sessionOf(test, "t-1"), await sessionOf(test, "t-2")];
    await test.runner(second).prepare();
    await test.runner(second).startStep();
    await test.runner(first).bringToApproval("shared.txt", "4\n");
    await test.reaches(first.id, "merged");
    await test.runner(second).work("shared.txt", "5\n");
    await test.runner(second).complete();
    await test.runner(second).review("approve");
    await test.reaches(second.id, "outdated");
    await test.inside().application.settled();
    expect((await test.runner(second).inbox()).map(({ kind }) => kind)).toEqual(["recheck"]);
    expect((await loops(test))[0]).toMatchObject({ status: "running", parked: [] });
  });

  it("[X8] goes on after a restart, also where the server was gone while work was approved", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1", "t-2 < t-1");
    await test.command("loop:start", { landing: "auto" });
    const first = await sessionOf(test, "t-1");
    await test.restart({
      async before() {
        await test.runner(first).bringToApproval("one.txt");
      },
    });
    await test.reaches(first.id, "merged");
    await approve(test, "t-2");
    expect(await finished(test)).toMatchObject({ parked: [] });
  });

  it("[X9] is one for a project: starting it again finds it, another one beside it is refused", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1");
    const { loop } = await test.command("loop:start", { landing: "auto", project: "auth" });
    const again = await test.command("loop:start", { landing: "auto", project: "project:auth" });
    expect([again.loop.id, again.started]).toEqual([loop.id, false]);
    await expect(test.command("loop:start", { landing: "auto" })).rejects.toMatchObject({
      problem: { code: "conflict" },
    });
    await expect(test.command("loop:start", { landing: "ask", project: "auth" })).rejects.toMatchObject({
      problem: { code: "conflict" },
    });
  });

  it("[X10] stops beginning and landing when it is told to, while sessions go on", async () => {
    await using test = await createTestApplication();
    await test.add();
    fill(test, "t-1", "t-2 < t-1");
    await test.command("loop:start", { landing: "auto" });
    const first = await sessionOf(test, "t-1");
    const { loops: stopped } = await test.command("loop:stop", {});
    expect(stopped).toMatchObject([{ status: "stopped", reason: "Ada stopped it." }]);
    await test.runner(first).bringToApproval();
    await test.reaches(first.id, "approved");
    await test.inside().application.settled();
    expect((await test.session(first.id)).status).toBe("approved");
    expect((await loops(test))[0]).toMatchObject({ status: "stopped" });
  });
});
