import { describe, expect, it } from "vitest";
import type { Failure } from "#lib/domain/failure.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import type { ScriptedRunner } from "../../e2e/fakes/scripted-runner.ts";
import { createTestApplication, type TestApplication } from "../../e2e/fixtures/application.ts";

const minute = 60_000;

async function twoItems(limit = 4) {
  const test = await createTestApplication({ limit });
  for (const name of ["t-1", "t-2"]) test.backlog.items.set(parseItemId(name), memoryItem(name));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  return { test, session, runner };
}

async function failStep(test: TestApplication, runner: ScriptedRunner, session: string, failure: Failure) {
  const step = await runner.startStep();
  await runner.write({ kind: "step-failed", step, costUsd: 0, failure, agentSessionLost: false });
  await test.reaches(session, "failed");
  await test.inside().application.settled();
}

const inboxKinds = async (runner: ScriptedRunner) =>
  (await runner.inbox()).map(({ kind, by }) => `${kind} ${by}`);

describe("failures that pass", () => {
  it("[D113] a limit pauses the account's queue until the time that the service names, and then all goes on", async () => {
    const { test, session, runner } = await twoItems();
    await using _ = test;
    const until = new Date(test.clock.now().getTime() + 30 * minute).toISOString();
    await failStep(test, runner, session.id, { reason: "rate-limited", detail: "429 slow down", until });
    expect((await test.session(session.id)).retry).toMatchObject({ at: until, waits: true, attempt: 1 });
    const { application } = test.inside();
    expect(application.alerts()).toMatchObject([{ kind: "paused", account: "claude", until }]);
    const { session: second } = await test.dispatch("t-2");
    expect((await test.session(second.id)).status).toBe("queued");
    await test.elapse(29 * minute);
    await application.settled();
    expect(await inboxKinds(runner)).toEqual([]);
    await test.elapse(2 * minute);
    await test.reaches(second.id, "preparing");
    await application.settled();
    expect(await inboxKinds(runner)).toEqual(["resume Amplify"]);
    expect(application.alerts()).toEqual([]);
  });

  it("[D114] exhausted credit pauses the queue until a person says that it goes on, over a restart too", async () => {
    const { test, session, runner } = await twoItems();
    await using _ = test;
    await failStep(test, runner, session.id, {
      reason: "credit-exhausted",
      detail: "Credit balance is too low",
    });
    await test.restart();
    await test.inside().application.settled();
    expect(test.inside().application.alerts()).toMatchObject([{ kind: "paused", until: null }]);
    const { session: second } = await test.dispatch("t-2");
    await test.elapse(24 * 60 * minute);
    await test.inside().application.settled();
    expect((await test.session(second.id)).status).toBe("queued");
    expect(await test.command("queue:resume", {})).toEqual({ resumed: [session.id] });
    await test.reaches(second.id, "preparing");
    await test.inside().application.settled();
    expect(await inboxKinds(runner)).toEqual(["resume Ada"]);
    expect(await test.command("queue:resume", {})).toEqual({ resumed: [] });
  });

  it("[D115] a failure of the service is tried again later each time, a few times; progress begins to count anew", async () => {
    const { test, session, runner } = await twoItems();
    await using _ = test;
    const failure = { reason: "service-error", detail: "529 Overloaded" } as const;
    const again = async (ms: number, inbox: number) => {
      await test.elapse(ms + 1000);
      await test.inside().application.settled();
      expect(await runner.inbox()).toHaveLength(inbox);
      await runner.write({ kind: "resumed", by: "Amplify", note: "", inbox, fresh: false });
      await test.reaches(session.id, "running");
    };
    await failStep(test, runner, session.id, failure);
    // It stands in nobody else's way.
    expect(test.inside().application.alerts()).toEqual([]);
    await again(minute, 1);
    await failStep(test, runner, session.id, failure);
    expect((await test.session(session.id)).retry).toMatchObject({ attempt: 2, of: 3, waits: true });
    await again(5 * minute, 2);
    await failStep(test, runner, session.id, failure);
    await again(15 * minute, 3);
    await failStep(test, runner, session.id, failure);
    expect((await test.session(session.id)).retry).toBeNull();
    await test.elapse(24 * 60 * minute);
    await test.inside().application.settled();
    expect(await runner.inbox()).toHaveLength(3);
  });
});
