import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication } from "../../e2e/fixtures/application.ts";
import { isIdle } from "./is-idle.ts";

it("[X15] a server is idle when no session works or waits, also while failed ones are left", async () => {
  await using test = await createTestApplication();
  await test.add();
  const idle = () => isIdle(test.inside().store);
  expect(await idle()).toBe(true);
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  const { session, runner } = await test.dispatch("t-1");
  expect(await idle()).toBe(false);
  await runner.prepare();
  await runner.startStep();
  await runner.ask("Which?");
  await test.reaches(session.id, "waiting");
  expect(await idle()).toBe(false);
  await runner.write({ kind: "failed", failure: { reason: "no-change", detail: "" } });
  await test.reaches(session.id, "failed");
  expect(await idle()).toBe(true);
});

it("[X15] a running loop keeps the server", async () => {
  await using test = await createTestApplication({ limit: 1 });
  await test.add();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  const { loop } = await test.command("loop:start", { landing: "ask" });
  await test.inside().application.settled();
  const { runner } = { runner: test.runner(await test.session("t-1")) };
  await runner.bringToApproval();
  await test.reaches((await test.session("t-1")).id, "approved");
  expect(await isIdle(test.inside().store)).toBe(false);
  await test.command("loop:stop", { loop: loop.id });
  expect(await isIdle(test.inside().store)).toBe(true);
});
