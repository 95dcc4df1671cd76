import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "#e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner } from "#e2e/fixtures/application.ts";

const secret = "ghp_0123456789abcdefghij";
const said = `It is ${secret}, I saw.`;
const shown = `It is ${"*".repeat(secret.length)}, I saw.`;

it("[S230] secrets in what an agent says, asks, prints and fails with are covered in views, facts and the record", async () => {
  await using test = await createTestApplication();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  const told: unknown[] = [];
  const { application } = test.inside();
  application.onFacts((facts) => told.push(...facts));
  const read = () => application.read("session", { session: session.id }, { actor: owner });
  await runner.prepare();
  await runner.startStep();
  await runner.ask(said, ["One", "Other"]);
  await test.reaches(session.id, "waiting");
  expect((await read()).questions[0]?.prompts[0]?.text).toBe(shown);
  await runner.write(
    {
      kind: "validated",
      validation: {
        passed: false,
        head: (await runner.spec()).base.oid,
        commands: [{ name: "test", command: "npm test", exit: 1, durationMs: 1, tail: said }],
      },
    },
    { kind: "failed", failure: { reason: "validation-red", detail: said } },
  );
  await test.reaches(session.id, "failed");
  await application.settled();
  expect((await read()).session.reason?.detail).toBe(shown);
  const all = JSON.stringify([await read(), told]);
  expect(all).toContain("*".repeat(secret.length));
  expect(all).not.toContain(secret);
});
