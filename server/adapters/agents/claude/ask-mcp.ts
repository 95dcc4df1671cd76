import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { askInput, nativeAskTool, serverName } from "./ask.ts";

/**
 * Our MCP server, a stdio child of the CLI. It holds no state: the hook ends the process at a question,
 * and when the call comes again with the person's answers in it, the tool only says them.
 */
const server = new McpServer({ name: serverName, version: "1" });

server.registerTool(
  "ask_question",
  {
    description:
      "Asks a person, when the work cannot go on well without a decision that is not yours to make. " +
      "Your turn ends until the answer comes, which may take hours, so ask everything at once.",
    // Loose: the hook adds `answers`, which the model is not shown.
    inputSchema: z.looseObject(askInput.shape),
  },
  askQuestion,
);

server.registerTool(
  "permit",
  {
    description: "Answers the program's own permission prompts. Not for the model.",
    inputSchema: z.looseObject({ tool_name: z.string(), input: z.looseObject({}) }),
  },
  permit,
);

await server.connect(new StdioServerTransport());

function askQuestion(input: Readonly<Record<string, unknown>>): CallToolResult {
  const answers = z.array(z.object({ question: z.string(), answer: z.string() })).min(1);
  const given = answers.safeParse(input.answers);
  if (given.success) {
    return said(
      given.data.map(({ question, answer }) => `Question: ${question}\nAnswer: ${answer}`).join("\n\n"),
    );
  }
  return {
    ...said("The question did not reach a person. End your turn and say what you need to know."),
    isError: true,
  };
}

/** Everything is permitted already; only a native question without answers has to be held back. */
function permit({ tool_name, input }: { tool_name: string; input: Record<string, unknown> }): CallToolResult {
  const unanswered = tool_name === nativeAskTool && input.answers === undefined;
  const decision = unanswered
    ? { behavior: "deny", message: "The question did not reach a person. Ask with the ask_question tool." }
    : { behavior: "allow", updatedInput: input };
  return said(JSON.stringify(decision));
}

function said(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}
