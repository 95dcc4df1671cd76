import { spawn } from "node:child_process";
import { mkdir, open, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { HttpClient } from "#lib/client/http.ts";
import { createHttpClient } from "#lib/client/http.ts";
import { presenceSchema, type Presence } from "#lib/contract/runner.ts";

/** The command line could not do what was asked; `fix` says what to do. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly fix: string | null;

  constructor(message: string, fix: string | null = null) {
    super(message);
    this.fix = fix;
  }
}

/** The data folder: `AMPLIFY_HOME`, else `~/.amplify`. */
export function dataFolder(): string {
  return path.resolve(process.env["AMPLIFY_HOME"] ?? path.join(homedir(), ".amplify"));
}

/** The bundle of another program of the house, beside this one. */
export function bundle(name: "server" | "runner"): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

export interface Server {
  readonly presence: Presence;
  readonly url: string;
  readonly client: HttpClient;
}

/** The living server of the data folder, or null. */
export async function findServer(home = dataFolder()): Promise<Server | null> {
  const presence = await readPresence(home);
  if (!presence?.url) return null;
  let token: string;
  try {
    token = (await readFile(path.join(home, "run", "cli-token"), "utf8")).trim();
  } catch {
    return null;
  }
  const client = createHttpClient({ url: presence.url, token });
  try {
    await client.read("me", {});
  } catch {
    return null;
  }
  return { presence, url: presence.url, client };
}

async function readPresence(home: string): Promise<Presence | null> {
  try {
    const text = await readFile(path.join(home, "run", "server.json"), "utf8");
    return presenceSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The living server, or a new one in the background. */
export async function connect(note: (text: string) => void, home = dataFolder()): Promise<Server> {
  const living = await findServer(home);
  if (living) return living;
  note("Starting the Amplify server in the background …");
  return startInBackground(home);
}

/** Without the mark of a session: a server that an agent started must outlive the agent's step. */
export function serverEnvironment(home = dataFolder()): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, AMPLIFY_HOME: home };
  delete environment["AMPLIFY_SESSION"];
  return environment;
}

const startLimitMs = 60_000;

async function startInBackground(home: string): Promise<Server> {
  const logs = path.join(home, "logs");
  await mkdir(logs, { recursive: true, mode: 0o700 });
  const logFile = path.join(logs, "server.out");
  const log = await open(logFile, "a", 0o600);
  const end: { reason: string | null } = { reason: null };
  const child = spawn(process.execPath, [bundle("server"), "--background"], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: serverEnvironment(home),
    cwd: await realpath("/"),
  });
  child.once("error", (error) => (end.reason = error.message));
  child.once("exit", (code) => (end.reason ??= `it ended with ${String(code)}`));
  child.unref();
  await log.close();
  // The server's own word that it listens is its presence file; nothing else tells a detached process's state.
  for (const start = Date.now(); Date.now() - start < startLimitMs;) {
    const server = await findServer(home);
    if (server) return server;
    if (end.reason !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new CliError(
    `The server did not start: ${end.reason ?? `no answer within ${startLimitMs / 1000} s`}.`,
    `Look into ${logFile}, or run \`amplify serve\` to see it start.`,
  );
}
