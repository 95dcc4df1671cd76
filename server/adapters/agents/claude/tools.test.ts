import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The two programs that the CLI starts, bundled as a release has them and run as the CLI runs them. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "amplify-tools-"));
  const entry = (name: string) => new URL(name, import.meta.url).pathname;
  await build({
    entryPoints: [entry("hook.ts"), entry("ask-mcp.ts")],
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hook(input: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(folder, "hook.js"), ...args], { input, encoding: "utf8" });
}

test("[A19] the hook blocks what it cannot decide", () => {
  for (const run of [hook("not json", folder), hook("{}")]) {
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("could not decide");
  }
});

test("[A19] a failure of ours lets a subagent end", () => {
  mkdirSync(join(folder, "roles"));
  writeFileSync(join(folder, "roles", "implementer.md"), "");
  // There is no folder for reports.
  const stop = { hook_event_name: "SubagentStop", agent_type: "implementer", last_assistant_message: "x" };
  expect(hook(JSON.stringify(stop), folder).status).toBe(1);
});

test("[A19] the hook prints its decision, and nothing where it has none", () => {
  const call = {
    hook_event_name: "PreToolUse",
    tool_name: "mcp__amplify__ask_question",
    tool_input: {},
    tool_use_id: "t",
  };
  const denied = hook(JSON.stringify(call), folder);
  expect(denied.status).toBe(0);
  expect(JSON.parse(denied.stdout)).toMatchObject({ hookSpecificOutput: { permissionDecision: "deny" } });
  expect(hook('{"hook_event_name":"Stop"}', folder)).toMatchObject({ status: 0, stdout: "" });
});

test("[A37] the server offers the question and the permission, and only says answers it was given", async () => {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [join(folder, "ask-mcp.js")] }),
  );
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["ask_question", "permit"]);
    const ask = (input: Record<string, unknown>) =>
      client.callTool({ name: "ask_question", arguments: input });
    const prompts = [{ text: "Which colour?" }];
    expect(await ask({ prompts, answers: [{ question: "Which colour?", answer: "Blue" }] })).toMatchObject({
      content: [{ text: "Question: Which colour?\nAnswer: Blue" }],
    });
    expect(await ask({ prompts })).toMatchObject({ isError: true });
    const permit = async (tool_name: string, input: object) => {
      const { content } = await client.callTool({ name: "permit", arguments: { tool_name, input } });
      return JSON.parse((content as { text: string }[])[0]?.text ?? "") as unknown;
    };
    expect(await permit("Bash", { command: "ls" })).toEqual({
      behavior: "allow",
      updatedInput: { command: "ls" },
    });
    expect(await permit("AskUserQuestion", { questions: [] })).toMatchObject({ behavior: "deny" });
  } finally {
    await client.close();
  }
});
