import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { MessagesApi, Script } from "./messages-api.ts";
import { startMessagesApi } from "./messages-api.ts";
import { call, refuse, say } from "./reply.ts";
import { goodDay, roleOf, tell } from "./story.ts";

let api: MessagesApi;
afterEach(() => api.close());

async function start(script: Script) {
  api = await startMessagesApi({ script });
  return (body: object) =>
    fetch(`${api.url}/v1/messages?beta=true`, {
      method: "POST",
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Go" }], ...body }),
    });
}

test("a message comes as the events of a stream, in order", async () => {
  const post = await start(() => say("Hello"));
  const text = await (await post({})).text();
  expect([...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1])).toEqual([
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(text).toContain('"stop_reason":"end_turn"');
});

test("a call of a tool streams its input as JSON and ends the turn for it", async () => {
  const post = await start(() => call("Bash", { command: "ls" }));
  const text = await (await post({})).text();
  expect(text).toContain('"partial_json":"{\\"command\\":\\"ls\\"}"');
  expect(text).toContain('"stop_reason":"tool_use"');
});

test("an error has its status and type", async () => {
  const post = await start(() => refuse(429, "rate_limit_error", "slow down"));
  const response = await post({});
  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject({ error: { type: "rate_limit_error", message: "slow down" } });
});

test("a cut connection breaks after the first words", async () => {
  const post = await start(() => ({ kind: "cut" }));
  await expect((await post({})).text()).rejects.toThrow();
});

test("a turn knows the order, its calls and their results, without the program's notes", async () => {
  const post = await start(() => say("ok"));
  await post({
    system: [{ type: "text", text: "You are the tech-lead of a review." }],
    metadata: { user_id: '{"session_id":"f8e86c78-04b0-480f-99d3-3cabac46cad5"}' },
    messages: [
      { role: "user", content: "First" },
      { role: "assistant", content: [{ type: "text", text: "Yes" }] },
      {
        role: "user",
        content: [
          { type: "text", text: "<system-reminder>noise</system-reminder>" },
          { type: "text", text: "Second" },
        ],
      },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } }],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "a.txt" }] }],
      },
    ],
  });
  const turn = api.requests[0]!;
  expect(turn).toMatchObject({
    conversation: "f8e86c78-04b0-480f-99d3-3cabac46cad5",
    prompt: "Second",
    orders: 2,
    calls: [{ name: "Bash", result: { text: "a.txt", failed: false } }],
  });
  expect(roleOf(turn)).toBe("tech-lead");
});

test("a request that is none of the API's is a problem that a test can see", async () => {
  const post = await start(() => say("ok"));
  expect((await post({ messages: "nonsense" })).status).toBe(400);
  expect(api.problems).toHaveLength(1);
});

test("the lead of a story calls the roles that the schema names and retells their verdicts", async () => {
  const post = await start(tell(goodDay));
  const schema = {
    type: "object",
    properties: {
      roles: {
        type: "array",
        items: {
          type: "object",
          properties: {
            role: { enum: ["implementer", "peer-reviewer"] },
            verdict: { enum: ["approve", "changes"] },
          },
        },
      },
    },
    required: ["roles"],
  };
  const tools = [{ name: "Agent" }, { name: "StructuredOutput", input_schema: schema }];
  const first = await (await post({ tools })).text();
  expect(first).toContain("implementer");
  expect(first).toContain("peer-reviewer");
  expect(first).not.toContain("tech-lead");
  const last = await (
    await post({
      tools,
      messages: [
        { role: "user", content: "Hold the council" },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "t1", name: "Agent", input: { subagent_type: "peer-reviewer" } }],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "report" }] },
      ],
    })
  ).text();
  expect(last).toContain('\\"roles\\":[{\\"role\\":\\"peer-reviewer\\",\\"verdict\\":\\"approve\\"}]');
});

test("run as a program it leaves its address in the port file and logs every request", async () => {
  await start(() => say("unused"));
  const folder = mkdtempSync(join(tmpdir(), "amplify-stand-in-"));
  const [portFile, log] = [join(folder, "port"), join(folder, "log.jsonl")];
  const program = fileURLToPath(new URL("main.ts", import.meta.url));
  const seen = new Promise<void>((resolve) => {
    const watcher = watch(folder, (_event, file) => {
      if (file !== "port") return;
      watcher.close();
      resolve();
    });
  });
  const child = spawn(process.execPath, ["--import", "tsx", program, "--port-file", portFile, "--log", log]);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await seen;
  const response = await fetch(`${readFileSync(portFile, "utf8")}/v1/messages`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Go" }] }),
  });
  expect(await response.text()).toContain("ask_question");
  expect(readFileSync(log, "utf8").trim().split("\n")).toHaveLength(1);
  child.kill("SIGTERM");
  expect(await gone).toBe(0);
  rmSync(folder, { recursive: true });
});
