import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseAgentSessionId } from "#lib/domain/ids.ts";
import type { StepOrder } from "#server/ports.ts";
import { prepareStep } from "./command.ts";

const id = parseAgentSessionId("f8e86c78-04b0-480f-99d3-3cabac46cad5");
const program = { command: "claude", toolsDir: "/opt/amplify's/dist" };
const answer = {
  toolUseId: "toolu_1",
  prompts: [{ text: "Which?", header: "", options: [], multiple: false }],
  choices: [{ labels: [], text: "Blue" }],
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "amplify-command-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function order(fields: Partial<StepOrder> = {}): StepOrder {
  const stepDir = join(root, "steps", "002");
  mkdirSync(stepDir, { recursive: true });
  return {
    session: "session-bd-1-abc123",
    step: 2,
    stepDir,
    sessionDir: root,
    worktree: "/repo/.worktrees/bd-1",
    agentSession: id,
    mode: "start",
    prompt: "Do it.",
    answer: null,
    model: null,
    budgetUsd: null,
    maxTurns: null,
    roles: [],
    schema: null,
    env: { PATH: "/bin", HOME: "/home/x" },
    ...fields,
  };
}
const prepare = (fields?: Partial<StepOrder>) => prepareStep(program, order(fields));
const settings = (): unknown => JSON.parse(readFileSync(join(root, "steps", "002", "settings.json"), "utf8"));

test("[A53] the command line of a first step", async () => {
  const step = join(root, "steps", "002");
  const { file, args, env, stdinFile } = await prepare();
  expect([file, ...args]).toEqual([
    ...["claude", "--dangerously-skip-permissions", "-p", "Do it."],
    ...["--output-format", "stream-json", "--verbose", "--session-id", id],
    ...[
      "--settings",
      join(step, "settings.json"),
      "--mcp-config",
      join(step, "mcp.json"),
      "--strict-mcp-config",
    ],
    ...["--setting-sources", "user", "--add-dir", "/repo/.worktrees/bd-1"],
    ...["--permission-prompt-tool", "mcp__amplify__permit"],
  ]);
  expect(stdinFile).toBeNull();
  expect(env).toEqual({
    PATH: "/bin",
    HOME: "/home/x",
    AMPLIFY_SESSION_DIR: root,
    ...(process.getuid?.() === 0 ? { IS_SANDBOX: "1" } : {}),
    CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: "1",
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: "1",
    DISABLE_AUTOUPDATER: "1",
  });
});

test("[A53] limits, model, roles and schema are said only where they are ordered", async () => {
  const roles = [
    { role: "peer-reviewer", description: "Examines", prompt: "Look.", mayEdit: false, model: "haiku" },
  ] as const;
  const { args } = await prepare({
    model: "opus",
    budgetUsd: 2.5,
    maxTurns: 40,
    roles,
    schema: { type: "object" },
  });
  const valueOf = (flag: string) => args[args.indexOf(flag) + 1];
  expect(valueOf("--model")).toBe("opus");
  expect(valueOf("--max-budget-usd")).toBe("2.5");
  expect(valueOf("--max-turns")).toBe("40");
  expect(valueOf("--json-schema")).toBe('{"type":"object"}');
  expect(JSON.parse(valueOf("--agents") ?? "")).toMatchObject({
    "peer-reviewer": { description: "Examines", tools: ["Bash", "Read", "Grep", "Glob"] },
  });
  expect(readFileSync(join(root, "steps", "002", "roles", "peer-reviewer.md"), "utf8")).toBe("Look.");
  expect(settings()).toMatchObject({
    hooks: { SubagentStop: [{}], PreToolUse: [{}, { matcher: "Agent|Task" }] },
  });
});

test("[A53] the hook's command is safe in a shell, whatever the folders are called", async () => {
  await prepare();
  expect(settings()).toMatchObject({
    hooks: {
      PreToolUse: [
        { hooks: [{ command: expect.stringContaining(`'/opt/amplify'\\''s/dist/hook.js'`) as string }] },
      ],
    },
  });
});

test("[A54] a prompt that looks like a flag or a command of the CLI stays a prompt", async () => {
  for (const prompt of ["--help", "-c", " /compact", "a\0b"]) {
    const text = (await prepare({ prompt })).args[2] ?? "";
    expect(text).toMatch(/^[^-/\s]/);
    expect(text).not.toContain("\0");
  }
});

test("[A23] a prompt over 100 KB goes through a file, counted in bytes", async () => {
  const prompt = "ä".repeat(60_000);
  const { args, stdinFile } = await prepare({ prompt });
  expect(args.slice(1, 3)).toEqual(["-p", "--output-format"]);
  expect(readFileSync(stdinFile ?? "", "utf8")).toBe(prompt);
});

/** The stream of step 1, which asked `toolu_1` and, after it, called the tools in `then`. */
function askedBefore(version: string, then: readonly string[]) {
  const folder = join(root, "steps", "001");
  mkdirSync(folder, { recursive: true });
  const lines = [
    { type: "system", subtype: "init", claude_code_version: version },
    ...["toolu_1", ...then].map((call) => ({
      type: "assistant",
      message: { content: [{ type: "tool_use", id: call, name: "Bash", input: {} }] },
    })),
  ];
  writeFileSync(join(folder, "stream.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
}

test.each([
  ["2.1.330", ["toolu_2"], false],
  ["2.1.197", [], false],
  ["2.1.197", ["toolu_2"], true],
])("[A32] an answer for %s with later calls %j is a new order: %s", async (version, then, asOrder) => {
  askedBefore(version, then);
  const { args } = await prepare({ mode: "answer", prompt: null, answer });
  expect(args.slice(args.indexOf("--resume"), args.indexOf("--resume") + 2)).toEqual(["--resume", id]);
  expect(args[2]).toBe(
    asOrder
      ? "Your question was answered by a person; go on with the work.\n\nQuestion: Which?\nAnswer: Blue"
      : "--output-format",
  );
  expect(JSON.parse(readFileSync(join(root, "steps", "002", "answer.json"), "utf8"))).toEqual(answer);
});
