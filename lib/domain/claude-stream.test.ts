import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentEvent, AgentResult } from "./agent-events.ts";
import { parseClaudeLine } from "./claude-stream.ts";

const recordings = new URL("../../e2e/fixtures/recordings/claude/", import.meta.url);
const names = readdirSync(recordings).map((file) => file.replace(/\.jsonl$/, ""));

function replay(name: string): AgentEvent[] {
  return readFileSync(new URL(`${name}.jsonl`, recordings), "utf8")
    .split("\n")
    .flatMap(parseClaudeLine);
}

function lastResult(name: string): AgentResult | undefined {
  return replay(name)
    .flatMap((event) => (event.kind === "ended" ? [event.result] : []))
    .at(-1);
}

test.each(names)("[A1] every line of the recording %s is understood", (name) => {
  const events = replay(name);
  expect(events.filter(({ kind }) => kind === "unknown")).toEqual([]);
  expect(events[0]).toMatchObject({ kind: "started", version: "2.1.330" });
});

test.each([
  ["text-only", true, null],
  ["write-and-commit", true, null],
  ["question-deferred", true, null],
  ["council-foreground", true, null],
  ["api-429-once-then-fine", true, null],
  ["sse-error-event", true, null],
  ["api-400-credit", false, "credit-exhausted"],
  ["api-400", false, "prompt-too-long"],
  ["api-401", false, "agent-not-logged-in"],
  ["api-429", false, "rate-limited"],
  ["api-500", false, "service-error"],
  ["api-529", false, "service-error"],
  ["connection-refused", false, "service-error"],
  ["cut-mid-stream", false, "service-error"],
  ["budget-exhausted", false, "budget-exhausted"],
  ["max-turns", false, "turns-exhausted"],
  ["ended-by-SIGINT", false, "agent-killed"],
])("[A2] the last result of %s is ok: %s, failure: %s", (name, ok, failure) => {
  expect(lastResult(name)).toMatchObject({ ok, failure });
});

test("[A2] an older version calls a lost connection completed, and is not believed", () => {
  const line = {
    type: "result",
    subtype: "success",
    is_error: true,
    api_error_status: null,
    result: "API Error: Connection to the API was lost (ECONNRESET).",
    terminal_reason: "completed",
  };
  expect(parseClaudeLine(JSON.stringify(line))).toMatchObject([
    { kind: "ended", result: { ok: false, failure: "service-error" } },
  ]);
});

test.each(["ended-by-SIGTERM", "ended-by-SIGKILL"])("[A2] %s leaves no result at all", (name) => {
  expect(lastResult(name)).toBeUndefined();
});

test("[A3] a deferred question carries the id, the tool and the input of its call", () => {
  expect(lastResult("question-deferred")?.deferred).toMatchObject({
    id: "toolu_4d3a0d27262f56719dcc89ea",
    name: "AskUserQuestion",
    input: { questions: [{ question: "Which colour?" }] },
  });
});

test("[A4] what a subagent says is marked with its type and the call that it works for", () => {
  const calls = replay("council-foreground").flatMap((event) => (event.kind === "tool" ? [event] : []));
  const ids = calls.filter(({ name }) => name === "Agent").map(({ id }) => id);
  const theirs = calls.filter(({ by }) => by.subagent !== null);
  expect(theirs.map(({ by }) => by.subagent)).toEqual(["implementer", "peer-reviewer"]);
  for (const { by } of theirs) expect(ids).toContain(by.parent);
});

test("[A5] costs since the last result add up to the total of a run with several results", () => {
  const results = replay("council-background-default").flatMap((each) =>
    each.kind === "ended" ? [each.result] : [],
  );
  expect(results).toHaveLength(4);
  const sum = results.reduce((cost, result) => cost + (result.costSinceLastUsd ?? Number.NaN), 0);
  expect(sum).toBeCloseTo(results.at(-1)?.costUsd ?? Number.NaN, 9);
});

test("[A5] every attempt of a retry is told with its delay", () => {
  const retries = replay("api-529").filter(({ kind }) => kind === "retry");
  expect(retries).toHaveLength(10);
  expect(retries[0]).toMatchObject({ attempt: 1, of: 10, error: "529 overloaded" });
});

describe("[A6] hostile lines", () => {
  test("a line that is no JSON, or no object, is kept as unknown", () => {
    for (const line of [
      "plain words",
      "[]",
      "null",
      "42",
      '"text"',
      '{"type":',
      '{"type":"from-the-future"}',
    ]) {
      expect(parseClaudeLine(line)).toEqual([{ kind: "unknown", line }]);
    }
  });

  test("a blank line says nothing", () => {
    expect(parseClaudeLine("  ")).toEqual([]);
  });

  test("an input nested a hundred thousand levels deep comes out shallow", () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const [event] = parseClaudeLine(
      `{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"n","input":${deep}}]}}`,
    );
    expect(() => JSON.stringify(event)).not.toThrow();
    expect(JSON.stringify(event).length).toBeLessThan(1000);
  });

  test("__proto__ changes no object", () => {
    const [event] = parseClaudeLine(
      '{"type":"assistant","__proto__":{"subagent_type":"x"},"message":{"content":[{"type":"tool_use","id":"t","name":"n","input":{"__proto__":{"polluted":true},"a":1}}]}}',
    );
    expect(event).toMatchObject({ kind: "tool", input: { a: 1 }, by: { subagent: null } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a huge unknown line is kept short", () => {
    const [event] = parseClaudeLine("x".repeat(5_000_000));
    expect(event?.kind === "unknown" && event.line.length).toBe(4000);
  });

  test("any JSON at any place gives events, never an error", () => {
    const kinds = ["system", "assistant", "user", "result", "tool_progress", "stream_event"];
    const subtypes = ["init", "api_retry", "permission_denied", "model_fallback", "success"];
    const line = fc.record({
      type: fc.oneof(fc.constantFrom(...kinds), fc.jsonValue()),
      subtype: fc.oneof(fc.constantFrom(...subtypes), fc.jsonValue()),
      message: fc.oneof(fc.jsonValue(), fc.record({ content: fc.array(fc.jsonValue()) })),
      result: fc.jsonValue(),
      errors: fc.jsonValue(),
      is_error: fc.jsonValue(),
      deferred_tool_use: fc.jsonValue(),
      model_usage_since_last_result: fc.jsonValue(),
    });
    fc.assert(
      fc.property(line, (value) => {
        for (const event of parseClaudeLine(JSON.stringify(value))) expect(event.kind).toBeTypeOf("string");
      }),
    );
  });
});
