import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { RefusedError, UnreachableError, type HttpClient } from "#lib/client/http.ts";
import { wireVersion } from "#lib/contract/version.ts";
import { CliError } from "../connection.ts";
import { inputOf, tools, type Tool } from "./tools.ts";

/**
 * Speaks the Model Context Protocol on standard input and output until the other side leaves. `connect` is asked at
 * each call, so that a server that was started anew meanwhile is found.
 */
export async function serveMcp(deps: {
  connect: () => Promise<{ client: HttpClient; repository: string | null }>;
}): Promise<void> {
  const server = new McpServer(
    { name: "amplify", version: String(wireVersion) },
    {
      instructions:
        "Amplify works a backlog off in isolated agent sessions. Dispatch ready items, answer their questions, look at their reviews, and merge what is approved.",
    },
  );
  for (const tool of tools) {
    server.registerTool(
      tool.tool,
      {
        description: tool.description,
        inputSchema: inputOf(tool),
        annotations: { readOnlyHint: tool.kind === "read", openWorldHint: false },
      },
      (input: Record<string, unknown>) => call(tool, input),
    );
  }

  async function call(tool: Tool, given: Record<string, unknown>): Promise<CallToolResult> {
    try {
      const { client, repository } = await deps.connect();
      const hasRepository = "repository" in inputOf(tool).shape;
      const input = hasRepository && given.repository == null ? { ...given, repository } : given;
      const value =
        tool.kind === "command"
          ? await client.command(tool.operation, input)
          : await client.read(tool.operation, input);
      return { content: [{ type: "text", text: JSON.stringify(value, null, 2) }] };
    } catch (error) {
      return { content: [{ type: "text", text: wordsOf(error) }], isError: true };
    }
  }

  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    // The transport does not tell that its input has ended.
    process.stdin.once("end", () => void server.close());
  });
  await server.connect(new StdioServerTransport());
  await closed;
}

/** What was wrong and what to do; never a stack. */
function wordsOf(error: unknown): string {
  if (error instanceof RefusedError) return [error.message, error.problem.fix].filter(Boolean).join("\n");
  if (error instanceof CliError) return [error.message, error.fix].filter(Boolean).join("\n");
  if (error instanceof UnreachableError) return `${error.message}\nStart it with \`amplify serve\`.`;
  return error instanceof Error ? error.message : String(error);
}
