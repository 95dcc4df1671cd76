import { expect, it } from "vitest";
import { parseItemId, questionIdFor, type AgentSessionId } from "#lib/domain/ids.ts";
import type { Finding, Report } from "#lib/domain/review.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";

const agentSession = "00000000-0000-4000-8000-000000000001" as AgentSessionId;
const finding: Finding = {
  id: "f-1",
  file: "a.txt",
  lines: [1, 1],
  severity: "major",
  category: "tests",
  claim: "No test",
  evidence: "",
};
const report = (role: Report["role"], more: Partial<Report> = {}): Report => ({
  role,
  verdict: "approve",
  summary: "Read",
  findings: [],
  responses: [],
  earlier: [],
  ...more,
});

it("[S220] a council that sits is told with what was said so far, what did not count, and what its limits count from", async () => {
  await using test = await createTestApplication();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  const head = await runner.work("a.txt", "one\n");
  await runner.complete();
  const { base } = await runner.spec();
  const sitting = async () => {
    await test.inside().application.settled();
    const read = test.inside().application.read("session", { session: session.id }, { actor: owner });
    return (await read).sitting;
  };
  const started = (step: number, part: "examination" | "rebuttal", again = false) =>
    ({
      kind: "step-started",
      step,
      purpose: { phase: "review", part, again },
      agentSession,
      delivers: null,
    }) as const;
  const seat = { headBefore: head, headAfter: head, retold: null, attended: [] } as const;
  await test.reaches(session.id, "completed");
  expect(await sitting()).toBeNull();

  const opened = test.clock.now().toISOString();
  await runner.write(
    { kind: "council-opened", base: base.oid, head },
    started(2, "examination"),
    { kind: "step-finished", step: 2, costUsd: 0.5, head },
    {
      kind: "part-failed",
      part: "examination",
      reason: "the peer-reviewer gave no verdict",
      reports: [report("implementer")],
      attended: [],
    },
    started(3, "examination", true),
  );
  await test.reaches(session.id, "reviewing");
  expect(await sitting()).toMatchObject({
    number: 1,
    part: "examination",
    flaw: "the peer-reviewer gave no verdict",
    parts: [],
    uncounted: [{ reports: [{ role: "implementer" }] }],
    head,
    limitsFrom: { at: opened, costUsd: 0.25 },
  });

  const reviewer = report("peer-reviewer", { verdict: "changes", findings: [finding] });
  await runner.write(
    { kind: "step-finished", step: 3, costUsd: 0.5, head },
    { kind: "part-held", held: { ...seat, part: "examination", reports: [report("implementer"), reviewer] } },
    started(4, "rebuttal"),
  );
  const isAtFour = await test.fact(
    ({ changes }) => changes.sessions?.some(({ id, steps }) => id === session.id && steps === 4) ?? false,
  );
  expect(isAtFour.changes.sessions?.[0]?.costUsd).toBe(1.25);
  await test.fact(({ session: of, text }) => of === session.id && text.includes("held its examination"));
  expect(await sitting()).toMatchObject({
    part: "rebuttal",
    flaw: null,
    parts: [{ part: "examination", reports: [{}, { findings: [{ id: "f-1" }] }] }],
  });

  // It still sits while one of its roles waits for an answer, and no longer once the session has ended.
  await runner.write({
    kind: "step-asked",
    step: 4,
    costUsd: 0,
    question: {
      id: questionIdFor(1),
      prompts: [{ text: "In scope?", header: "Scope", options: [], multiple: false }],
      asker: { role: "peer-reviewer", phase: "review", step: 4 },
      context: "",
      askedAt: opened,
      toolUseId: "toolu_1",
    },
  });
  await test.reaches(session.id, "waiting");
  expect(await sitting()).toMatchObject({ part: "rebuttal" });
  await runner.write({ kind: "failed", failure: { reason: "agent-crashed", detail: "" } });
  await test.reaches(session.id, "failed");
  expect(await sitting()).toBeNull();
});

it("[S221] the timeline tells what did not go well from what did", async () => {
  await using test = await createTestApplication();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  const head = await runner.work("a.txt", "one\n");
  const validated = (passed: boolean) =>
    ({ kind: "validated", validation: { passed, commands: [], head } }) as const;
  await runner.write({ kind: "step-finished", step: 1, costUsd: 0, head }, validated(false));
  await test.inside().application.settled();
  const { timeline } = await test
    .inside()
    .application.read("session", { session: session.id }, { actor: owner });
  const bad = timeline.filter(({ isBad }) => isBad).map(({ kind }) => kind);
  expect(bad).toEqual(["validated"]);
});
