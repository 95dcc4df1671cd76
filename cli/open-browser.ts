import { spawn } from "node:child_process";
import { z } from "zod";
import { type HttpClient, valueOf } from "#lib/client/http.ts";

const linkSchema = z.object({ url: z.url() });

/** A fresh one-time link to the dashboard. */
export async function makeLink(client: HttpClient): Promise<z.infer<typeof linkSchema>> {
  return linkSchema.parse(await valueOf(await client.request("POST", "/api/links", {})));
}

/** Opens it where there is a desktop; a printed link is enough elsewhere. */
export function openInBrowser(url: string): void {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
}
