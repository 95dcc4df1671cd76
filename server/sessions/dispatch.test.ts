import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { orchestratorSchema } from "#lib/contract/files.ts";
import { actorFor, parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, type TestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;

function put(test: TestApplication, ...items: Parameters<typeof memoryItem>[]) {
  for (const [name, rest] of items) test.backlog.items.set(id(name), memoryItem(name, rest));
}

describe("dispatch", () => {
  it("[D1] makes a queued session, then specification, claim and a start", async () => {
    await using test = await createTestApplication();
    put(test, ["bd-auth.1", { title: "Log in", labels: ["agent:backend-engineer"] }]);
    const repository = await test.add();

    const { session, replaced } = await test.command("session:dispatch", { item: id("bd-auth.1") });
    expect(session).toMatchObject({
      repository,
      status: "queued",
      branch: "amplify/bd-auth.1",
      worktree: join(test.repository.path, ".worktrees/bd-auth.1"),
      agent: { cli: "claude", type: "backend-engineer", why: "label agent:backend-engineer" },
      createdBy: "Ada",
    });
    expect(session.id).toMatch(/^session-bd-auth-1-[0-9a-z]{6}$/);
    expect(replaced).toBeNull();

    await test.inside().application.settled();
    const spec = await test.runner(session).spec();
    expect(spec).toMatchObject({
      session: session.id,
      base: { branch: "main", oid: await test.repository.git("rev-parse", "main") },
      identity: { name: "Ada Example", email: "ada@example.test" },
      agent: { type: "backend-engineer" },
    });
    expect(spec.agent.role).toContain("backend engineer");
    expect(test.backlog.items.get(id("bd-auth.1"))).toMatchObject({
      status: "in_progress",
      assignee: actorFor(session.id),
    });
    expect((await test.session("bd-auth.1")).status).toBe("preparing");
    expect(await test.repository.git("status", "--porcelain")).toBe("");
  });

  it("[D2] follows a run to its approval, each event once, also over a restart in its middle", async () => {
    await using test = await createTestApplication();
    put(test, ["t-1"]);
    await test.add();
    const { session, runner } = await test.dispatch("t-1");
    await runner.prepare();
    expect((await test.reaches(session.id, "running")).startedAt).not.toBeNull();
    await runner.startStep();
    await test.restart({
      before: async () => {
        await runner.work("a.txt", "one\ntwo\n");
        await runner.complete("Two lines");
        await runner.review("approve");
      },
    });
    const view = await test.session(session.id);
    expect(view).toMatchObject({
      status: "approved",
      verdict: "approved",
      summary: "Two lines",
      costUsd: 0.75,
      steps: 2,
      phase: "review",
      changes: { files: 1, added: 2, removed: 0 },
    });
    await test.restart();
    expect(await test.session(session.id)).toEqual(view);
    const { store } = test.inside();
    const events = await store.events(session.id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const names = (await store.recentFacts(100)).map(({ name }) => name);
    expect(names.filter((name) => name === "review:concluded")).toHaveLength(1);
  });

  it("[D3] refuses before anything is claimed, and says why", async () => {
    await using test = await createTestApplication();
    put(
      test,
      ["t-epic", { type: "epic" }],
      ["t-closed", { status: "closed" }],
      ["t-taken", { status: "in_progress", assignee: "bob" }],
      ["t-first"],
      ["t-second", { dependencies: [{ from: id("t-second"), to: id("t-first"), kind: "blocks" }] }],
    );
    await test.add();
    const refusal = async (item: string, agentType?: string) =>
      test
        .command("session:dispatch", { item: id(item), ...(agentType ? { agentType } : {}) })
        .catch((error: unknown) => (error as { problem: unknown }).problem);
    expect(await refusal("t-missing")).toMatchObject({ code: "not-found" });
    expect(await refusal("t-epic")).toMatchObject({ code: "conflict", message: "t-epic is an epic." });
    expect(await refusal("t-closed")).toMatchObject({ message: "t-closed is closed." });
    expect(await refusal("t-taken")).toMatchObject({ message: "t-taken is assigned to bob." });
    expect(await refusal("t-second")).toMatchObject({ message: "t-second is blocked by t-first." });
    expect(await refusal("t-first", "nosuch-type")).toMatchObject({
      code: "invalid",
      message: 'There is no agent type "nosuch-type".',
      fix: expect.stringContaining("backend-engineer") as unknown,
    });
    await test.inside().application.settled();
    expect(test.backlog.calls).toEqual([]);
    expect(await test.inside().store.open(null)).toEqual([]);
  });

  it("[D4] of many dispatches of one item exactly one gets it", async () => {
    await using test = await createTestApplication();
    put(test, ["t-1"]);
    await test.add();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => test.command("session:dispatch", { item: id("t-1") })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await test.inside().store.open(null)).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(outcome.reason).toMatchObject({ problem: { code: "conflict" } });
    }
  });

  it("[D5] a repeated key has no further effect and gets the first answer", async () => {
    await using test = await createTestApplication();
    put(test, ["t-1"], ["t-2"]);
    await test.add();
    const key = "the-same-key-0001";
    const [first, second] = await Promise.all([
      test.command("session:dispatch", { item: id("t-1") }, { key }),
      test.command("session:dispatch", { item: id("t-1") }, { key }),
    ]);
    expect(second).toEqual(first);
    await test.restart();
    expect(await test.command("session:dispatch", { item: id("t-1") }, { key })).toEqual(first);
    await expect(test.command("session:stop", { session: first.session.id }, { key })).rejects.toMatchObject({
      problem: { code: "conflict" },
    });
  });

  it("[D6] a lost claim stops the runner and fails the session, whatever the run says later", async () => {
    let lose: () => void = () => undefined;
    const lost = { claimed: false, why: "taken", detail: "bob has it." } as const;
    await using test = await createTestApplication({
      source: (source) => ({
        ...source,
        claim: () => new Promise((resolve) => (lose = () => resolve(lost))),
      }),
    });
    put(test, ["t-1"]);
    await test.add();
    const { session } = await test.command("session:dispatch", { item: id("t-1") });
    await test.reaches(session.id, "preparing");
    lose();
    const view = await test.reaches(session.id, "failed");
    expect(view.reason).toMatchObject({ code: "claim-lost", detail: "bob has it." });
    await test.inside().application.settled();
    const runner = test.runner(session);
    expect(await runner.inbox()).toMatchObject([{ number: 1, kind: "stop", discard: false, by: "server" }]);
    await runner.write({ kind: "stopped", by: "server", discard: false, inbox: 1 });
    await test.fact(({ name }) => name === "session:stopped");
    expect(await test.session(session.id)).toMatchObject({
      status: "failed",
      reason: { code: "claim-lost" },
    });
  });

  it("[D7] a new dispatch archives the old work and branch, releases and claims anew", async () => {
    await using test = await createTestApplication();
    put(test, ["t-1"]);
    await test.add();
    const first = await test.dispatch("t-1");
    await first.runner.prepare();
    await first.runner.startStep();
    const head = await first.runner.work("half.txt", "half\n");
    await first.runner.write({
      kind: "step-failed",
      step: 1,
      costUsd: 0,
      failure: { reason: "agent-crashed", detail: "" },
      agentSessionLost: false,
    });
    await test.reaches(first.session.id, "failed");

    const second = await test.command("session:dispatch", { item: id("t-1") });
    expect(second.replaced).toEqual({
      session: first.session.id,
      archived: [`refs/amplify/archive/${first.session.id}/${head}`],
    });
    await test.inside().application.settled();
    expect(await test.repository.git("rev-parse", `refs/amplify/archive/${first.session.id}/${head}`)).toBe(
      head,
    );
    expect(await test.repository.git("branch", "--list", "amplify/*")).toBe("");
    expect(await test.repository.git("worktree", "list")).not.toContain(".worktrees/t-1");
    expect(test.backlog.calls).toEqual([
      `claim t-1 ${actorFor(first.session.id)}`,
      `release t-1 ${actorFor(first.session.id)}`,
      `claim t-1 ${actorFor(second.session.id)}`,
    ]);
    const runner = test.runner(second.session);
    await runner.prepare();
    expect((await test.reaches(second.session.id, "running")).id).toBe(second.session.id);
    expect((await test.session("t-1")).id).toBe(second.session.id);
  });

  it.each(["resume", "stop"] as const)(
    "[D203] a new dispatch waits until the old session's runner has done the %s that it was told",
    async (told) => {
      await using test = await createTestApplication();
      put(test, ["t-1"]);
      await test.add();
      const { session, runner } = await test.dispatch("t-1");
      await runner.prepare();
      await runner.startStep();
      const head = await runner.work("a.txt", "a\n");
      await runner.write({ kind: "failed", failure: { reason: "agent-crashed", detail: "exit 1" } });
      await test.reaches(session.id, "failed");
      if (told === "resume") await test.command("session:resume", { session: session.id });
      else await test.command("session:stop", { session: session.id });
      const dispatch = () => test.command("session:dispatch", { item: id("t-1") });
      await expect(dispatch()).rejects.toMatchObject({
        problem: { code: "conflict", fix: "Try again in a moment." },
      });
      await test.inside().application.settled();
      expect(await test.repository.git("rev-parse", "amplify/t-1")).toBe(head);
      if (told === "resume") {
        await runner.write({ kind: "resumed", by: "Ada", note: "", inbox: 1, fresh: false });
        await test.reaches(session.id, "running");
        await expect(dispatch()).rejects.toMatchObject({ problem: { code: "conflict" } });
        await test.command("session:stop", { session: session.id });
      }
      const inbox = told === "resume" ? 2 : 1;
      await runner.write({ kind: "stopped", by: "Ada", discard: false, inbox });
      await test.reaches(session.id, "stopped");
      expect((await dispatch()).replaced?.session).toBe(session.id);
    },
  );

  it("[D8] sessions over the limit wait and start as slots get free", async () => {
    await using test = await createTestApplication({ limit: 1 });
    put(test, ["t-1"], ["t-2"]);
    await test.add();
    const first = await test.dispatch("t-1");
    const second = await test.dispatch("t-2");
    expect((await test.session("t-2")).status).toBe("queued");
    await first.runner.bringToApproval();
    await test.reaches(second.session.id, "preparing");
    await test.inside().application.settled();
    expect(await second.runner.spec()).toMatchObject({ session: second.session.id });
  });

  it("[D27] a repository's own limit holds beside the one of the machine", async () => {
    await using test = await createTestApplication({ limit: 10 });
    put(test, ["t-1"], ["t-2"]);
    await writeFile(join(test.repository.path, "amplify.config.json"), '{ "limits": { "sessions": 1 } }');
    await test.add();
    const first = await test.dispatch("t-1");
    const second = await test.dispatch("t-2");
    expect((await test.session("t-2")).status).toBe("queued");
    await first.runner.bringToApproval();
    await test.reaches(second.session.id, "preparing");
  });

  it("[D9] orchestrator.json lists every session, also after a restart", async () => {
    await using test = await createTestApplication();
    put(test, ["t-1"]);
    await test.add();
    const { session, runner } = await test.dispatch("t-1");
    await runner.bringToApproval();
    await test.reaches(session.id, "approved");
    const read = async () => {
      await test.inside().application.settled();
      const text = await readFile(join(session.directory, "../../orchestrator.json"), "utf8");
      return orchestratorSchema.parse(JSON.parse(text)).sessions;
    };
    expect(await read()).toMatchObject([{ session: session.id, item: "t-1", status: "approved" }]);
    await test.restart();
    expect(await read()).toMatchObject([{ session: session.id, status: "approved" }]);
  });

  it("[D215] an agent type may have a model of its own; the others have the repository's", async () => {
    await using test = await createTestApplication({
      files: {
        "README.md": "# Example\n",
        "amplify.config.json": '{ "agent": { "model": "sonnet", "models": { "tech-lead": "opus" } } }',
      },
    });
    await test.add();
    const modelOf = async (agentType: string | null) => {
      const { item } = await test.command("item:create", { title: "Work" });
      const { session } = await test.command("session:dispatch", { item: item.id, agentType });
      await test.inside().application.settled();
      return (await test.inside().store.session(session.id))?.spec?.agent.model;
    };
    expect(await modelOf("tech-lead")).toBe("opus");
    expect(await modelOf(null)).toBe("sonnet");
  });
});
