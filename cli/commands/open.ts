import { spawn } from "node:child_process";
import type { Command } from "commander";
import { z } from "zod";
import { valueOf } from "#lib/client/http.ts";
import { createContext, type GlobalOptions } from "../context.ts";

const linkSchema = z.object({ url: z.url() });

export function addOpen(program: Command): void {
  program
    .command("open")
    .description("print a fresh one-time link to the dashboard, and open it where there is a desktop")
    .option("--no-browser", "only print it")
    .action(async (options: { browser: boolean }, command: Command) => {
      const { output, server } = createContext(command.optsWithGlobals<GlobalOptions>());
      const { client } = await server();
      const link = linkSchema.parse(await valueOf(await client.request("POST", "/api/links", {})));
      output.answer(link, () => output.line(link.url));
      if (options.browser && !output.json && process.stdout.isTTY) openInBrowser(link.url);
    });
}

function openInBrowser(url: string): void {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  // Where there is no opener the printed link is enough.
  child.once("error", () => undefined);
  child.unref();
}
