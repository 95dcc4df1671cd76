import { spawn } from "node:child_process";
import type { HttpClient } from "#lib/client/http.ts";
import type { CommandOutput } from "#lib/contract/wire.ts";

/** A fresh one-time link to the dashboard, for this machine or for another one on the network. */
export function makeLink(client: HttpClient, elsewhere = false): Promise<CommandOutput<"team:link">> {
  return client.command("team:link", { elsewhere });
}

/** Opens it where there is a desktop; a printed link is enough elsewhere. */
export function openInBrowser(url: string): void {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
}
