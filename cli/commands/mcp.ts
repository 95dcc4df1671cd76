import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { createHttpClient } from "#lib/client/http.ts";
import { CliError, connect } from "../connection.ts";
import { insideSession } from "../inside-session.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { serveMcp } from "../mcp/serve.ts";
import { findRepository } from "../repository.ts";

export function addMcp(program: Command): void {
  program
    .command("mcp")
    .option("--token-file <path>", "act with this person's token instead of the machine's own")
    .description("an MCP server on standard input and output, by which other tools drive Amplify")
    .action(async ({ tokenFile }: { tokenFile?: string }, command: Command) => {
      const { output, folder } = createContext(command.optsWithGlobals<GlobalOptions>());
      const token = tokenFile === undefined ? null : await tokenIn(tokenFile);
      await serveMcp({
        // A server that was started anew has a new machine token, so it is looked up at each call.
        async connect() {
          const server = await connect((text) => output.note(text));
          const client =
            token === null
              ? server.client
              : createHttpClient({ url: server.url, token, inside: insideSession() });
          const repository = await findRepository(client, folder).catch((error: unknown) => {
            // Several are registered and this folder is in none: the call says which one.
            if (error instanceof CliError) return null;
            throw error;
          });
          return { client, repository: repository?.id ?? null };
        },
      });
    });
}

async function tokenIn(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return text.trim();
}
