import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { z } from "zod";
import { askTool, serverName } from "../claude/ask.ts";
import type { McpServer } from "./command-line.ts";
import type { Act } from "./directives.ts";
import { fill, type Scene } from "./scene.ts";
import { Over } from "./stream.ts";

type Ask = Extract<Act, { kind: "ask" }>;
interface Pair {
  readonly question: string;
  readonly answer: string;
}

/** Asks, and ends the process where a person has to answer. What was answered already is not asked again. */
export async function ask(scene: Scene, act: Ask): Promise<void> {
  const { stream, conversation, voice } = scene;
  const prompts = act.prompts.map((prompt) => ({ ...prompt, text: fill(conversation, prompt.text) }));
  const known = prompts.flatMap(({ text }) => answerTo(scene, text) ?? []);
  if (known.length === prompts.length) {
    remember(scene, known);
    return;
  }
  const input = { prompts, context: act.context };
  await scene.pause();
  const id = stream.call(askTool, input, voice);
  const pairs = await decide(scene, { id, name: askTool, input });
  remember(
    scene,
    pairs ?? prompts.map(({ text, options }) => ({ question: text, answer: options[0]?.label ?? "" })),
  );
}

/** Makes the call that waited once more, by itself, before anything else is done. */
export async function repeat(scene: Scene): Promise<void> {
  const { deferred } = scene.conversation;
  if (!deferred) throw new Error("No call waits for an answer, and there is no prompt.");
  const pairs = await decide(scene, deferred);
  scene.conversation.deferred = null;
  scene.conversation.done += 1;
  remember(scene, pairs ?? []);
}

/** The answers; null where the call was refused and the agent has to go on alone. */
async function decide(
  scene: Scene,
  call: { id: string; name: string; input: Record<string, unknown> },
): Promise<Pair[] | null> {
  const { stream, hooks, conversation, voice } = scene;
  const agent = voice ? { agent: { id: voice.agent, type: voice.type } } : {};
  const permission = await hooks.beforeTool({ ...call, ...agent });
  switch (permission.decision) {
    case "defer":
      conversation.deferred = call;
      scene.keep();
      stream.defer(call);
      throw new Over(0);
    case "deny":
      stream.note("permission_denied", {
        tool_name: call.name,
        tool_use_id: call.id,
        message: permission.reason,
      });
      stream.answer(call.id, permission.reason, { failed: true, voice });
      return null;
    case "allow": {
      const { text, failed } = await callServer(scene.command.mcpServers[serverName], permission.input);
      stream.answer(call.id, text, { failed, voice });
      return failed ? null : pairsIn(text);
    }
  }
}

const contentSchema = z.array(z.object({ type: z.string(), text: z.string().default("") }));

/** The tool itself, a child that speaks MCP. */
async function callServer(
  server: McpServer | undefined,
  input: Record<string, unknown>,
): Promise<{ text: string; failed: boolean }> {
  if (!server) return { text: `No such tool available: ${askTool}`, failed: true };
  const client = new Client({ name: "rehearsal", version: "1" });
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  await client.connect(new StdioClientTransport({ command: server.command, args: [...server.args], env }));
  try {
    const name = askTool.slice(`mcp__${serverName}__`.length);
    const result = await client.callTool({ name, arguments: input });
    const text = contentSchema.parse(result.content).map((part) => part.text);
    return { text: text.join("\n"), failed: result.isError === true };
  } finally {
    await client.close();
  }
}

function pairsIn(text: string): Pair[] {
  return [...text.matchAll(/^Question: ([\s\S]*?)\nAnswer: ([\s\S]*?)(?=\n\nQuestion: |$(?![\s\S]))/gm)].map(
    ([, question = "", answer = ""]) => ({ question, answer }),
  );
}

/** The runner says answers in the prompt where no call waits for them any more. */
function answerTo({ order, conversation }: Scene, question: string): Pair | null {
  const told = order?.answers.find((each) => each.question === question);
  return told ?? conversation.answers.find((each) => each.question === question) ?? null;
}

function remember(scene: Scene, pairs: readonly Pair[]): void {
  const { conversation } = scene;
  for (const { question, answer } of pairs) {
    if (conversation.answers.some((each) => each.question === question)) continue;
    conversation.answers.push({ question, answer });
  }
  scene.keep();
}
