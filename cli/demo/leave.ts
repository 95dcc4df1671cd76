import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import type { ToRunner } from "#lib/contract/runner.ts";
import { presenceSchema, type Presence } from "#lib/contract/runner.ts";
import { valueOf } from "#lib/client/http.ts";
import { isWorking } from "#lib/domain/session.ts";
import type { Server } from "../connection.ts";

/** How long agents, server and runner may take, each. */
const patienceMs = 20_000;
const lookEveryMs = 50;

/** Ends the demo's agents, its server and its runner; resolves to the pids of what would not go. */
export async function leaveNothingBehind(home: string, server: Server): Promise<number[]> {
  const { client } = server;
  const working = async () => {
    // A server that is gone already has nothing to say; its runner is looked for below.
    const open = await client.read("sessions", { open: true, limit: 200 }).catch(() => null);
    return (open?.sessions ?? []).filter(
      ({ status, pid }) => isWorking(status) || status === "queued" || pid !== null,
    );
  };
  await client.command("loop:stop", {}).catch(() => undefined);
  for (const { id } of await working())
    await client.command("session:stop", { session: id }).catch(() => undefined);
  await until(async () => (await working()).length === 0);
  const runner = await presenceAt(path.join(home, "run", "runner.json"));
  await client
    .request("POST", "/api/leave", {})
    .then(valueOf)
    .catch(() => undefined);
  await until(() => Promise.resolve(!lives(server.presence.pid)));
  if (runner?.socket) {
    await askToLeave(runner.socket);
    await until(() => Promise.resolve(!lives(runner.pid)));
  }
  return leftBehind(home, [server.presence.pid, ...(runner ? [runner.pid] : [])]);
}

/** Those of `known` that live, and every process that carries a session of this data folder. */
async function leftBehind(home: string, known: readonly number[]): Promise<number[]> {
  const found = new Set(known.filter(lives));
  // Only Linux lets us look at the environments of our own processes this way.
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, "latin1").catch(() => "");
    const isOurs = environment
      .split("\0")
      .some((each) => each.startsWith("AMPLIFY_SESSION_DIR=") && each.includes(`=${home}${path.sep}`));
    if (isOurs) found.add(Number(name));
  }
  return [...found];
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function presenceAt(file: string): Promise<Presence | null> {
  try {
    return presenceSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null;
  }
}

function askToLeave(socket: string): Promise<void> {
  const message: ToRunner = { kind: "leave" };
  return new Promise((resolve) => {
    const line = connect(socket, () => line.end(`${JSON.stringify(message)}\n`));
    line.once("close", () => resolve());
    // It has left already.
    line.once("error", () => resolve());
    line.resume();
  });
}

/** Nothing tells the end of a process that is not ours, so we look. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
