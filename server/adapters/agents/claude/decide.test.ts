import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { HookInput } from "./decide.ts";
import { subagentLines } from "./fixtures/subagent-lines.ts";
import { keepLastMessage } from "./reports.ts";

const ask = "mcp__amplify__ask_question";
const input = { prompts: [{ text: "Which colour?", options: [{ label: "Red" }] }] };

let stepDir: string;
beforeEach(() => {
  stepDir = mkdtempSync(join(tmpdir(), "amplify-hook-"));
  for (const folder of ["roles", "reports"]) mkdirSync(join(stepDir, folder));
  writeFileSync(join(stepDir, "roles", "peer-reviewer.md"), "The runner's order.");
});
afterEach(() => rmSync(stepDir, { recursive: true, force: true }));

const before = (fields: HookInput) =>
  decide(stepDir, {
    hook_event_name: "PreToolUse",
    tool_name: ask,
    tool_input: input,
    tool_use_id: "t1",
    ...fields,
  });
const decision = (permissionDecision: string) => ({ hookSpecificOutput: { permissionDecision } });

test("[A31] the first question takes the step's one slot, and keeps it when its call comes again", () => {
  expect(before({})).toMatchObject(decision("defer"));
  expect(readFileSync(join(stepDir, "open-question"), "utf8")).toBe("t1");
  expect(before({ tool_use_id: "t2" })).toMatchObject(decision("deny"));
  expect(before({})).toMatchObject(decision("defer"));
});

test("[A34] a subagent's question is refused and takes no slot", () => {
  expect(before({ agent_id: "a1" })).toMatchObject(decision("deny"));
  expect(existsSync(join(stepDir, "open-question"))).toBe(false);
});

test("[A35] an unreadable question is refused and takes no slot", () => {
  for (const tool_input of [null, "text", {}, { prompts: [] }, { prompts: [{ text: "" }] }]) {
    expect(before({ tool_input })).toMatchObject(decision("deny"));
  }
  expect(existsSync(join(stepDir, "open-question"))).toBe(false);
});

test("[A24] the call that an answer is for is let through with it, in the shape of its tool", () => {
  const answer = {
    toolUseId: "t1",
    prompts: [{ text: "Which colour?", header: "", options: [], multiple: true }],
    choices: [{ labels: ["Red", "Blue"], text: "both" }],
  };
  writeFileSync(join(stepDir, "answer.json"), JSON.stringify(answer));
  expect(before({})).toMatchObject({
    hookSpecificOutput: {
      permissionDecision: "allow",
      updatedInput: { ...input, answers: [{ question: "Which colour?", answer: "Red, Blue, both" }] },
    },
  });
  expect(
    before({ tool_name: "AskUserQuestion", tool_input: { questions: [{ question: "Which colour?" }] } }),
  ).toMatchObject({
    hookSpecificOutput: { updatedInput: { answers: { "Which colour?": "Red, Blue, both" } } },
  });
  expect(before({ tool_use_id: "t9", tool_input: { prompts: [{ text: "And which size?" }] } })).toMatchObject(
    decision("defer"),
  );
});

test("[A62] a council's role gets the runner's order, in the foreground", () => {
  const call = { subagent_type: "peer-reviewer", prompt: "Please approve.", run_in_background: true };
  expect(before({ tool_name: "Agent", tool_input: call })).toMatchObject({
    hookSpecificOutput: {
      permissionDecision: "allow",
      updatedInput: { prompt: "The runner's order.", run_in_background: false },
    },
  });
});

test("[A65] other types, paths as types, and calls from inside a subagent are refused", () => {
  for (const subagent_type of ["general-purpose", "tech-lead", "../roles/peer-reviewer", undefined]) {
    expect(before({ tool_name: "Task", tool_input: { subagent_type } })).toMatchObject(decision("deny"));
  }
  const nested = { tool_name: "Agent", tool_input: { subagent_type: "peer-reviewer" }, agent_id: "a1" };
  expect(before(nested)).toMatchObject(decision("deny"));
});

test("[A63] a last message that is no report is told once; a report passes and is kept", () => {
  const stop = (last_assistant_message: string) =>
    decide(stepDir, {
      hook_event_name: "SubagentStop",
      agent_id: "a1",
      agent_type: "peer-reviewer",
      last_assistant_message,
    });
  expect(stop("Fine.")).toMatchObject({ decision: "block" });
  expect(stop("Still fine.")).toBeNull();
  expect(JSON.parse(readFileSync(join(stepDir, "reports", "peer-reviewer-a1.json"), "utf8"))).toEqual({
    role: "peer-reviewer",
    agent: "a1",
    message: "Still fine.",
  });
  expect(stop('{"role":"peer-reviewer","verdict":"approve"}')).toBeNull();
});

test("[A65] a role is not called again once the stream has its report; a file of it does not count", () => {
  const call = { tool_name: "Agent", tool_input: { subagent_type: "peer-reviewer" } };
  const message = '{"role":"peer-reviewer","verdict":"approve"}';
  keepLastMessage(stepDir, { role: "peer-reviewer", agent: "a1", message });
  expect(before(call)).toMatchObject(decision("allow"));
  writeFileSync(join(stepDir, "stream.jsonl"), subagentLines("peer-reviewer", "Nothing to say."));
  expect(before(call)).toMatchObject(decision("allow"));
  writeFileSync(join(stepDir, "stream.jsonl"), subagentLines("peer-reviewer", message));
  expect(before(call)).toMatchObject(decision("deny"));
});

test("[A63] subagents that are no role of the step are none of ours", () => {
  for (const agent_type of ["general-purpose", "tech-lead", 7]) {
    expect(
      decide(stepDir, { hook_event_name: "SubagentStop", agent_type, last_assistant_message: "x" }),
    ).toBeNull();
  }
});

test("[A65] events and tools that we did not ask for are left to the program", () => {
  expect(decide(stepDir, { hook_event_name: "Stop" })).toBeNull();
  expect(before({ tool_name: "Bash" })).toBeNull();
});
