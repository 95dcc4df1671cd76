import { spawn } from "node:child_process";
import { type FileHandle, mkdir, open, readFile, realpath, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { HttpClient } from "#lib/client/http.ts";
import { createHttpClient } from "#lib/client/http.ts";
import { presenceSchema, type Presence } from "#lib/contract/runner.ts";
import { insideSession } from "./inside-session.ts";

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
function bundle(name: "server" | "runner"): string {
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
  const client = createHttpClient({ url: presence.url, token, inside: insideSession() });
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
  delete environment["AMPLIFY_SESSION_DIR"];
  return environment;
}

/** What Node is given to run the server: a small space for what is young, since what it reads in passing is little. */
export function serverCommand(...args: readonly string[]): string[] {
  return ["--max-semi-space-size=2", bundle("server"), ...args];
}

const startLimitMs = 60_000;
const fullBelowBytes = 1 << 20;

async function startInBackground(home: string): Promise<Server> {
  const logFile = path.join(home, "logs", "server.out");
  const log = await openLog(home, logFile);
  const { size: before } = await log.stat();
  const end: { reason: string | null } = { reason: null };
  const child = spawn(process.execPath, serverCommand("--background"), {
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
  const reason = end.reason ?? `no answer within ${startLimitMs / 1000} s`;
  const said = (await lastWords(logFile, before)) ?? (await describeFolder(home)) ?? `${reason}.`;
  throw new CliError(
    `The server did not start: ${said}`,
    `${logFile} says more, and \`amplify serve\` shows how it starts.`,
  );
}

async function openLog(home: string, file: string): Promise<FileHandle> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return await open(file, "a", 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(
      `The data folder ${home} cannot be used: ${folderTroubles[code ?? ""] ?? message}.`,
      "Put that right, or set AMPLIFY_HOME to a folder that can be written.",
    );
  }
}

const folderTroubles: Readonly<Record<string, string>> = {
  ENOSPC: "its disk is full",
  EDQUOT: "its disk is full",
  EROFS: "it is read-only",
  EACCES: "there is no right to write in it",
  EPERM: "there is no right to write in it",
  ENOTDIR: "it is not a folder",
  EEXIST: "it is not a folder",
};

/** What the server wrote last before it ended; traces of the stack are for the log. */
async function lastWords(file: string, before: number): Promise<string | null> {
  const text = (await readFile(file).catch(() => Buffer.alloc(0))).subarray(before).toString("utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !/^[\s{]/.test(line));
  return lines.at(-1) ?? null;
}

/** On a full disk the server cannot even say so. */
async function describeFolder(home: string): Promise<string | null> {
  const { bavail, bsize } = await statfs(home);
  return bavail * bsize < fullBelowBytes ? `The data folder ${home} cannot be used: its disk is full.` : null;
}
