import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Presence } from "#lib/contract/runner.ts";
import { presenceSchema } from "#lib/contract/runner.ts";
import { takeSingleInstance, type SingleInstance } from "./adapters/process/single-instance.ts";

/** How long the one before may take to close its database. */
const takeOverLimitMs = 15_000;

/** Another server has the data folder. */
export class ServerIsRunningError extends Error {
  override readonly name = "ServerIsRunningError";
  readonly pid: number | null;
  readonly url: string | null;

  constructor(presence: Presence | null) {
    const who = presence
      ? `pid ${presence.pid}, ${presence.url ?? "no address"}`
      : "it is starting or ending";
    super(`A server already runs for this data folder (${who}).`);
    this.pid = presence?.pid ?? null;
    this.url = presence?.url ?? null;
  }
}

/** The lock of the data folder. A server in the background is asked to leave for one in the foreground. */
export async function takePlace(run: string, background: boolean): Promise<SingleInstance> {
  const lockFile = path.join(run, "server.lock");
  const free = takeSingleInstance(lockFile);
  if (free) return free;
  const presence = await readPresence(run);
  if (background || !presence?.url || !(await askToLeave(run, presence.url)))
    throw new ServerIsRunningError(presence);
  const until = Date.now() + takeOverLimitMs;
  for (;;) {
    const lock = takeSingleInstance(lockFile);
    if (lock) return lock;
    if (Date.now() > until) throw new ServerIsRunningError(presence);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function readPresence(run: string): Promise<Presence | null> {
  try {
    return presenceSchema.parse(JSON.parse(await readFile(path.join(run, "server.json"), "utf8")));
  } catch {
    return null;
  }
}

async function askToLeave(run: string, url: string): Promise<boolean> {
  try {
    const token = (await readFile(path.join(run, "cli-token"), "utf8")).trim();
    const response = await fetch(`${url}/api/leave`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ why: "take-over" }),
      redirect: "error",
      signal: AbortSignal.timeout(5000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
