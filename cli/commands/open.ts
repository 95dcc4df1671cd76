import type { Command } from "commander";
import { createContext, type GlobalOptions } from "../context.ts";
import { makeLink, openInBrowser } from "../open-browser.ts";

export function addOpen(program: Command): void {
  program
    .command("open")
    .description("print a fresh one-time link to the dashboard, and open it where there is a desktop")
    .option("--no-browser", "only print it")
    .option("--network", "for another device of yours, where the server was started with --lan")
    .action(async (options: { browser: boolean; network?: boolean }, command: Command) => {
      const { output, server } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { client } = await server();
      const link = await makeLink(client, options.network ?? false);
      output.answer(link, () => output.line(link.url));
      if (options.browser && !options.network && !output.json && process.stdout.isTTY)
        openInBrowser(link.url);
    });
}
