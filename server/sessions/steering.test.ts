import { access, appendFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { actorFor, parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, type TestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;
const agent = { pid: 4711, startTicks: "1", bootId: "b" };

async function withSession(options: Parameters<typeof createTestApplication>[0] = {}) {
  const test = await createTestApplication(options);
  test.backlog.items.set(id("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  return { test, session, runner };
}

const settled = (test: TestApplication) => test.inside().application.settled();

describe("steering", () => {
  it("[D10] a stop with discard archives the work and frees the item", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    await runner.prepare();
    await runner.startStep();
    const head = await runner.work("a.txt", "a\n");
    await test.command("session:stop", { session: "t-1", discard: true, reason: "Not needed" });
    await settled(test);
    expect(await runner.inbox()).toMatchObject([
      { number: 1, kind: "stop", discard: true, reason: "Not needed", by: "Ada" },
    ]);
    await runner.write({ kind: "stopped", by: "Ada", discard: true, inbox: 1 });
    await test.reaches(session.id, "stopped");
    await settled(test);
    expect(await test.repository.git("rev-parse", `refs/amplify/archive/${session.id}/${head}`)).toBe(head);
    await expect(access(session.worktree)).rejects.toThrow();
    expect(test.backlog.items.get(id("t-1"))).toMatchObject({ status: "open", assignee: null });
    for (const [name, input] of [
      ["session:resume", { session: session.id }],
      ["session:message", { session: session.id, text: "Go on" }],
    ] as const) {
      await expect(test.command(name, input)).rejects.toMatchObject({
        problem: { code: "conflict", fix: "Dispatch t-1 again." },
      });
    }
  });

  it("[D11] a stop without discard keeps claim and worktree, and a resume goes on", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    await runner.prepare();
    await runner.startStep();
    await test.command("session:stop", { session: session.id });
    await settled(test);
    await runner.write({ kind: "stopped", by: "Ada", discard: false, inbox: 1 });
    await test.reaches(session.id, "stopped");
    expect(test.backlog.items.get(id("t-1"))?.assignee).toBe(actorFor(session.id));
    await test.command("session:resume", { session: session.id, note: "Go on" });
    await settled(test);
    expect(await runner.inbox()).toMatchObject([{ number: 1 }, { number: 2, kind: "resume", note: "Go on" }]);
    await runner.write({ kind: "resumed", by: "Ada", note: "Go on", inbox: 2, fresh: false });
    await test.reaches(session.id, "running");
  });

  it("[D157] a message to a stopped session takes its place and its item again, and is refused where another has them", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    await runner.prepare();
    await runner.startStep();
    const stop = async (inbox: number) => {
      await test.command("session:stop", { session: session.id });
      await runner.write({ kind: "stopped", by: "Ada", discard: false, inbox });
      await test.reaches(session.id, "stopped");
    };
    await stop(1);
    await test.command("session:message", { session: session.id, text: "Go on, but shorter" });
    await settled(test);
    expect(await runner.inbox()).toMatchObject([{}, { kind: "message", text: "Go on, but shorter" }]);
    await runner.write({ kind: "resumed", by: "Ada", note: "Go on, but shorter", inbox: 2, fresh: false });
    await test.reaches(session.id, "running");
    expect(test.backlog.items.get(id("t-1"))?.assignee).toBe(actorFor(session.id));
    await stop(3);
    await test.command("session:dispatch", { item: id("t-1") });
    await expect(
      test.command("session:message", { session: session.id, text: "And now?" }),
    ).rejects.toMatchObject({ problem: { code: "conflict" } });
  });

  it("[D12] a session that was not started yet is stopped by the server alone", async () => {
    const { test } = await withSession({ limit: 1 });
    await using _ = test;
    test.backlog.items.set(id("t-2"), memoryItem("t-2"));
    const { session } = await test.dispatch("t-2");
    expect((await test.command("session:stop", { session: "t-2" })).session.status).toBe("stopped");
    await settled(test);
    await expect(access(session.directory)).rejects.toThrow();
    expect(test.backlog.items.get(id("t-2"))).toMatchObject({ status: "open", assignee: null });
  });

  it("[D13] cleanup has the runner judge a session whose process is gone; a dry run changes nothing", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    await runner.prepare();
    await runner.startStep(agent);
    await test.fact(({ changes }) => changes.sessions?.[0]?.pid === agent.pid);
    const dry = await test.command("session:cleanup", { dryRun: true });
    expect(dry.findings).toMatchObject([{ session: session.id, was: "running", done: "nothing" }]);
    expect((await test.session(session.id)).status).toBe("running");
    const sought = test.runnerSought;
    const cleaned = test.command("session:cleanup", {});
    while (test.runnerSought === sought) await setImmediate();
    const failure = { reason: "agent-killed", detail: "signal 9" } as const;
    await runner.write({ kind: "step-failed", step: 1, costUsd: 0, failure, agentSessionLost: false });
    expect(await cleaned).toMatchObject({
      checked: 1,
      findings: [{ session: session.id, was: "running", done: "failed" }],
    });
    expect(await test.session(session.id)).toMatchObject({ status: "failed", pid: null });
  });

  it("[D202] what no runner judges stays unknown, however long it takes, and counts when the runner says it", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    await runner.prepare();
    await runner.startStep(agent);
    await test.fact(({ changes }) => changes.sessions?.[0]?.pid === agent.pid);
    const progress = { isOver: false };
    const cleaned = test.command("session:cleanup", {}).finally(() => (progress.isOver = true));
    // It looks at processes and files first; time passes until it has given the runner its chance.
    while (!progress.isOver) await test.elapse(5000);
    const { findings } = await cleaned;
    expect(findings).toMatchObject([{ session: session.id, was: "running", done: "unknown" }]);
    expect(await test.session(session.id)).toMatchObject({
      status: "running",
      evidence: { process: "gone", derived: "unknown" },
    });
    await expect(test.command("session:dispatch", { item: id("t-1") })).rejects.toMatchObject({
      problem: { code: "conflict" },
    });
    await runner.work("a.txt", "a\n");
    await runner.complete();
    expect((await test.reaches(session.id, "completed")).reason).toBeNull();
  });

  it("[D130] the evidence names the agent's own retries with reason and time, and a waiting tool by its heartbeat, what it left in the background, and what it has printed of what it may", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    test.living.add(agent.pid);
    await runner.prepare();
    await runner.startStep(agent);
    await test.fact(({ changes }) => changes.sessions?.[0]?.pid === agent.pid);
    const stream = join(session.directory, "steps/001/stream.jsonl");
    const at = test.clock.now();
    const say = async (...lines: object[]) => {
      await appendFile(stream, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      await utimes(stream, at, at);
      await test.elapse(3000);
    };
    await say({
      type: "system",
      subtype: "api_retry",
      attempt: 3,
      max_retries: 10,
      retry_delay_ms: 8000,
      error_status: 529,
      error: "overloaded",
    });
    const nextAt = new Date(at.getTime() + 8000).toISOString();
    expect((await test.session(session.id)).evidence).toMatchObject({
      process: "alive",
      retry: { attempt: 3, of: 10, error: "529 overloaded", nextAt },
    });
    const content = [{ type: "tool_use", id: "t1", name: "Bash", input: {} }];
    await say(
      { type: "assistant", message: { content } },
      { type: "tool_progress", tool_use_id: "t1", elapsed_time_seconds: 90 },
    );
    const since = new Date(at.getTime() - 90_000).toISOString();
    const { evidence } = await test.session(session.id);
    expect(evidence).toMatchObject({ retry: null, tool: { name: "Bash", since } });
    expect(evidence.background).toBeUndefined();
    expect(evidence.log).toEqual({ bytes: (await stat(stream)).size, limitBytes: 256_000_000 });
    const tasks = [{ task_id: "t", task_type: "local_bash", description: "npm run watch" }];
    await say({ type: "system", subtype: "background_tasks_changed", tasks });
    expect((await test.session(session.id)).evidence.background).toEqual(["local_bash: npm run watch"]);
  });

  it("[D14] 61 silent minutes make a running session stale, and a waiting one never", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    test.living.add(agent.pid);
    await runner.prepare();
    await runner.startStep(agent);
    await test.fact(({ changes }) => changes.sessions?.[0]?.pid === agent.pid);
    const stream = join(session.directory, "steps/001/stream.jsonl");
    await writeFile(stream, "{}\n");
    await utimes(stream, test.clock.now(), test.clock.now());
    await test.elapse(59 * 60_000);
    expect((await test.command("session:cleanup", {})).findings).toEqual([]);
    await test.elapse(2 * 60_000);
    expect((await test.command("session:cleanup", {})).findings).toMatchObject([
      { session: session.id, was: "running", done: "stale" },
    ]);
    expect((await test.session(session.id)).evidence).toMatchObject({ process: "alive", derived: "stale" });
    await runner.ask("Which one?");
    await test.reaches(session.id, "waiting");
    await test.elapse(61 * 60_000);
    expect((await test.command("session:cleanup", {})).findings).toEqual([]);
    expect(await test.session(session.id)).toMatchObject({ status: "waiting", evidence: { derived: null } });
  });

  it("[D15] a pulse tells process, last byte and tool, and nothing where nothing changed", async () => {
    const { test, session, runner } = await withSession();
    await using _ = test;
    test.living.add(agent.pid);
    await runner.prepare();
    await runner.startStep(agent);
    await test.fact(({ changes }) => changes.sessions?.[0]?.pid === agent.pid);
    const call = { type: "tool_use", id: "toolu_1", name: "Bash", input: { command: "npm test" } };
    const line = { type: "assistant", message: { role: "assistant", content: [call] } };
    await writeFile(join(session.directory, "steps/001/stream.jsonl"), `${JSON.stringify(line)}\n`);
    const beats: unknown[] = [];
    const first = new Promise<void>((done) => {
      test.inside().application.onPulse((pulses) => {
        beats.push(...pulses);
        done();
      });
    });
    test.clock.advance(1000);
    await first;
    await test.elapse(1000);
    await test.elapse(1000);
    expect(beats).toMatchObject([
      { session: session.id, evidence: { process: "alive", tool: { name: "Bash" }, derived: null } },
    ]);
  });

  it("[D16] an agent's own close is undone with a warning, somebody else's is told", async () => {
    const { test, session } = await withSession();
    await using _ = test;
    const item = () => test.backlog.items.get(id("t-1"))!;
    const close = (closedBy: string) => {
      const closedAt = test.clock.now().toISOString();
      test.backlog.items.set(id("t-1"), { ...item(), status: "closed", closedAt, closedBy });
      for (const listener of test.backlog.listeners) listener();
    };
    close(actorFor(session.id));
    await test.elapse(200);
    const warning = await test.fact(({ name }) => name === "warning:raised");
    expect(warning.text).toContain("it is opened again");
    await settled(test);
    expect(item()).toMatchObject({ status: "in_progress", assignee: actorFor(session.id) });
    close("bob");
    await test.elapse(200);
    expect((await test.fact(({ text }) => text.includes("closed elsewhere"))).session).toBe(session.id);
    expect(item().status).toBe("closed");
  });
});
