import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ProcessEnd, RoleOrder, StepOrder } from "#server/ports.ts";
import { judgeStep } from "./judge.ts";
import { subagentLines } from "./fixtures/subagent-lines.ts";
import { keepLastMessage } from "./reports.ts";

const recordings = new URL("../../../../e2e/fixtures/recordings/claude/", import.meta.url).pathname;
const exited = (exit: number): ProcessEnd => ({ exit, signal: null });

let stepDir: string;
beforeEach(() => {
  stepDir = mkdtempSync(join(tmpdir(), "amplify-judge-"));
  mkdirSync(join(stepDir, "reports"));
});
afterEach(() => rmSync(stepDir, { recursive: true, force: true }));

const order = (fields: Partial<StepOrder> = {}) => ({ stepDir, roles: [], schema: null, ...fields });
const stream = (...lines: (string | object)[]) =>
  writeFileSync(
    join(stepDir, "stream.jsonl"),
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)) + "\n").join(""),
  );
const good = {
  type: "result",
  subtype: "success",
  is_error: false,
  terminal_reason: "completed",
  result: "Done",
};

function judgeRecording(name: string, end: ProcessEnd | null) {
  copyFileSync(join(recordings, `${name}.jsonl`), join(stepDir, "stream.jsonl"));
  return judgeStep(order(), end);
}

test.each([
  ["text-only", 0, 0.019224],
  ["write-and-commit", 0, 0.08116],
  ["council-background-default", 0, 0.1904556],
  ["council-foreground", 0, 0.1000689],
  ["api-429-once-then-fine", 0, 0.019204],
  ["sse-error-event", 0, 0.039452],
])("[A10] %s is finished, with its cost", async (name, exit, cost) => {
  const outcome = await judgeRecording(name, exited(exit));
  expect(outcome.kind).toBe("finished");
  expect(outcome.costUsd).toBeCloseTo(cost, 6);
});

test.each([
  ["api-400-credit", exited(1), "credit-exhausted"],
  ["api-400", exited(1), "prompt-too-long"],
  ["api-401", exited(1), "agent-not-logged-in"],
  ["api-429", exited(1), "rate-limited"],
  ["api-500", exited(1), "service-error"],
  ["api-529", exited(1), "service-error"],
  ["connection-refused", exited(1), "service-error"],
  ["cut-mid-stream", exited(1), "service-error"],
  ["budget-exhausted", exited(1), "budget-exhausted"],
  ["max-turns", exited(1), "turns-exhausted"],
  ["ended-by-SIGINT", exited(0), "agent-killed"],
  ["ended-by-SIGTERM", exited(143), "agent-killed"],
  ["ended-by-SIGKILL", { exit: null, signal: "SIGKILL" }, "agent-killed"],
  ["ended-by-SIGKILL", null, "agent-killed"],
  ["ended-by-SIGKILL", exited(1), "agent-crashed"],
] as const)("[A11] %s with end %o has failed: %s", async (name, end, reason) => {
  expect(await judgeRecording(name, end)).toMatchObject({ kind: "failed", failure: { reason } });
});

test("[A12] a deferred question is asked, whatever the exit code is", async () => {
  expect(await judgeRecording("question-deferred", exited(0))).toMatchObject({
    kind: "asked",
    toolUseId: "toolu_4d3a0d27262f56719dcc89ea",
    prompts: [
      {
        text: "Which colour?",
        header: "Colour",
        multiple: false,
        options: [
          { label: "Red", description: "r" },
          { label: "Blue", description: "b" },
        ],
      },
    ],
  });
});

test("[A13] only the last result counts, and one that work followed is not the last word", async () => {
  stream(good, { ...good, is_error: true, result: "API Error: 529", api_error_status: 529 });
  expect(await judgeStep(order(), exited(0))).toMatchObject({ failure: { reason: "service-error" } });
  stream(good, { type: "assistant", message: { content: [{ type: "text", text: "More" }] } });
  expect(await judgeStep(order(), exited(143))).toMatchObject({ failure: { reason: "agent-killed" } });
});

test("[A13] an end that no version has written yet is no success", async () => {
  stream({ ...good, terminal_reason: "from_the_future" });
  expect(await judgeStep(order(), exited(0))).toMatchObject({
    kind: "failed",
    failure: { reason: "agent-crashed" },
  });
});

test("[A14] plain text and exit code 0 are no result", async () => {
  stream("I did everything.");
  expect(await judgeStep(order(), exited(0))).toMatchObject({
    kind: "failed",
    failure: { reason: "agent-no-result", detail: "agent gave no result" },
  });
});

test("[A14] a crash is told in the program's own words", async () => {
  stream();
  writeFileSync(join(stepDir, "stderr.log"), `${"x".repeat(10_000)}\nSession ID 1 is already in use\n`);
  const outcome = await judgeStep(order(), exited(1));
  expect(outcome).toMatchObject({ failure: { reason: "agent-crashed" }, agentSessionLost: false });
  expect(outcome.kind === "failed" && outcome.failure.detail.endsWith("Session ID 1 is already in use")).toBe(
    true,
  );
});

test("[A15] a conversation that is not found is lost", async () => {
  stream({
    type: "result",
    subtype: "error_during_execution",
    is_error: true,
    errors: ["No conversation found with session ID: 1"],
  });
  expect(await judgeStep(order(), exited(1))).toMatchObject({
    failure: { reason: "conversation-broken" },
    agentSessionLost: true,
  });
});

test("[A16] a council without the lead's structured output is finished with none", async () => {
  stream(good);
  const outcome = await judgeStep(order({ schema: { type: "object" } }), exited(0));
  expect(outcome).toMatchObject({ kind: "finished", structured: undefined });
});

const report = { role: "peer-reviewer", verdict: "changes", summary: "No", findings: [], responses: [] };
const roles = (["implementer", "peer-reviewer"] as const).map((role): RoleOrder => ({
  role,
  description: "",
  prompt: "",
  mayEdit: false,
  model: null,
}));

test("[A17] a role's report is its own last message; what is no report counts as not given", async () => {
  const reviewer = subagentLines("peer-reviewer", JSON.stringify(report));
  stream(reviewer + subagentLines("implementer", "Fine by me.", { agent: "a2" }), good);
  expect(await judgeStep(order({ roles }), exited(0))).toMatchObject({
    kind: "finished",
    reports: [report],
    attended: [
      { role: "implementer", agent: "a2", reported: false },
      { role: "peer-reviewer", agent: "a1", reported: true },
    ],
  });
  expect(await judgeStep(order(), exited(0))).toMatchObject({ kind: "finished", reports: [], attended: [] });
});

test("[A68] a role has spoken only where the stream has its call and its end, whatever files say", async () => {
  const message = JSON.stringify({ ...report, verdict: "approve" });
  keepLastMessage(stepDir, { role: "peer-reviewer", agent: "a1", message });
  const none = { kind: "finished", reports: [], attended: [] };
  const [called = "", ended = ""] = subagentLines("peer-reviewer", message).split(/(?<=\n)/);
  const failed = subagentLines("peer-reviewer", message, { status: "async_launched" });
  const asText = { type: "assistant", message: { content: [{ type: "text", text: called + ended }] } };
  const inside = (called + ended).replaceAll('"parent_tool_use_id":null', '"parent_tool_use_id":"toolu_1"');
  for (const lines of [[], [called], [ended], [failed], [asText], [inside]]) {
    stream(...lines, good);
    expect(await judgeStep(order({ roles }), exited(0))).toMatchObject(none);
  }
  stream(called, ended, good);
  expect(await judgeStep(order({ roles }), exited(0))).toMatchObject({ reports: [{ verdict: "approve" }] });
});
