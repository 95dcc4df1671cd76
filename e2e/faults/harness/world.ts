import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createHttpClient, RefusedError, UnreachableError, valueOf } from "#lib/client/http.ts";
import type {
  CommandInput,
  CommandName,
  CommandOutput,
  ReadInput,
  ReadName,
  ReadOutput,
  SessionView,
} from "#lib/contract/wire.ts";
import { commands } from "#lib/contract/wire.ts";
import { buildPrograms } from "../../fixtures/build-programs.ts";
import { createHouse, type House } from "../../fixtures/house.ts";
import { lives, processesRunning } from "./processes.ts";

const dist = (name: string) => fileURLToPath(new URL(`../../../dist/${name}.js`, import.meta.url));
const agent = fileURLToPath(new URL("../agent/chronicler.mjs", import.meta.url));
const patienceMs = 120_000;

/** A house whose server and runner are processes of ours to kill, and whose agents keep their own record. */
export interface World extends AsyncDisposable {
  readonly house: House;
  readonly repository: string;
  /** The folder of the agents' own records, outside Amplify. */
  readonly oracle: string;
  /** Resolves when the server answers; `env` is added to its environment and so to its runner's. */
  startServer(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Where the living server is, and the machine's own token; rejects where there is none. */
  address(): Promise<{ url: string; token: string }>;
  /** Starts it and does not wait for it. */
  beginServer(env?: Readonly<Record<string, string>>): void;
  /** `kill -9`; resolves when it is gone. */
  killServer(): Promise<void>;
  readonly isServerUp: boolean;
  /** Resolves when the server is gone, by whatever cause. */
  serverEnded(): Promise<void>;
  /** Process id of the living runner; null where there is none. */
  runnerPid(): Promise<number | null>;
  /** `kill -9` of the runner, of one that is only coming up too; false where none lived. */
  killRunner(): Promise<boolean>;
  /** Sent with one key until it is answered, through any number of dead servers. */
  command<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandOutput<Name>>;
  read<Name extends ReadName>(name: Name, input: ReadInput<Name>): Promise<ReadOutput<Name>>;
  /** Makes an item that the agent rehearses, and dispatches it. */
  dispatch(title: string, script?: string): Promise<SessionView>;
  session(id: string): Promise<SessionView>;
  /** Waits, through dead servers, until `look` gives something. */
  until<Value>(what: string, look: () => Promise<Value | null | undefined | false>): Promise<Value>;
  /** Lets agents that talk without an end go on to their work. */
  enough(): Promise<void>;
}

export async function createWorld(options: {
  /** How many lines an agent says before it works, or `on` until {@link World.enough}. */
  readonly talk: number | "on";
  readonly config?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  /** The data folder is a disk of its own and of this size. */
  readonly diskMegabytes?: number;
}): Promise<World> {
  await buildPrograms();
  const house = await createHouse({ tools: {}, files: { "README.md": "# Sample\n", ...options.files } });
  const oracle = join(house.home, "..", "oracle");
  await mkdir(oracle);
  await mkdir(house.home, { mode: 0o700 });
  if (options.diskMegabytes !== undefined) {
    await mount("-t", "tmpfs", "-o", `size=${options.diskMegabytes}m,mode=700`, "tmpfs", house.home);
  }
  await writeFile(join(house.home, "config.json"), JSON.stringify({ sessions: 1000 }));
  const set = {
    FAULTS_ORACLE: oracle,
    FAULTS_REHEARSAL: dist("rehearsal"),
    FAULTS_TALK: String(options.talk),
  };
  await house.repository.write(
    "amplify.config.json",
    JSON.stringify({
      agent: { cli: "rehearsal", command: agent },
      limits: { sessions: 100 },
      environment: { set },
      validate: [],
      ...options.config,
    }),
  );
  await house.repository.commit("Configure");
  let server: ChildProcess | null = null;

  const beginServer: World["beginServer"] = (env = {}) => {
    server = spawn(process.execPath, [dist("server"), "--headless"], {
      env: { NODE_ENV: "production", ...house.env, ...env },
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
    });
    // What a server says before it dies is told where a scenario fails.
    server.stderr?.on("data", (text: Buffer) => {
      appendFileSync(join(oracle, "server.log"), text);
    });
  };
  const isUp = () => server !== null && server.exitCode === null && server.signalCode === null;
  const presence = async (name: "server" | "runner") => {
    const text = await readFile(join(house.home, "run", `${name}.json`), "utf8").catch(() => "null");
    return text === "" ? null : (JSON.parse(text) as { pid: number; url: string | null } | null);
  };
  const address = async () => {
    const there = await presence("server");
    if (!isUp() || there?.pid !== server?.pid || !there?.url) throw new UnreachableError("No server.");
    const token = (await readFile(join(house.home, "run/cli-token"), "utf8")).trim();
    return { url: there.url, token };
  };
  const client = async () => createHttpClient(await address());
  /** Tries again where nobody answered, or where a server that was dying cut its own answer off. */
  const persistently = async <Value>(what: string, ask: () => Promise<Value>): Promise<Value> => {
    for (const end = Date.now() + patienceMs; ;) {
      try {
        return await ask();
      } catch (error) {
        const isLost =
          error instanceof UnreachableError || (error instanceof TypeError && !isUp()) || isCut(error);
        if (!isLost || Date.now() > end) throw new Error(`${what}: ${String(error)}`, { cause: error });
        await pause(25);
      }
    }
  };

  const world: World = {
    house,
    repository: house.repository.path,
    oracle,
    address,
    beginServer,
    get isServerUp() {
      return isUp();
    },
    async startServer(env) {
      beginServer(env);
      await world.read("repositories", {});
    },
    async killServer() {
      if (!server || !isUp()) return;
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
    async serverEnded() {
      if (server && isUp()) await once(server, "exit");
    },
    async runnerPid() {
      const pid = (await presence("runner"))?.pid;
      return pid !== undefined && lives(pid, dist("runner")) ? pid : null;
    },
    async killRunner() {
      const runners = () => processesRunning(dist("runner"), house.home);
      let hasLived = false;
      for (let pids = runners(); pids.length > 0; pids = runners()) {
        hasLived = true;
        for (const pid of pids) end(pid);
        await pause(2);
      }
      return hasLived;
    },
    command(name, input) {
      const key = randomUUID();
      return persistently(name, async () => {
        const answer = await (await client()).request("POST", "/api/commands", { name, key, input });
        return commands[name].output.parse(await valueOf(answer)) as CommandOutput<typeof name>;
      });
    },
    read: (name, input) =>
      persistently(name, async () => (await (await client()).read(name, input)) as ReadOutput<typeof name>),
    async dispatch(title, script) {
      const description = script === undefined ? "" : `\`\`\`rehearsal\n${script}\n\`\`\``;
      const { item } = await world.command("item:create", { title, description });
      return (await world.command("session:dispatch", { item: item.id })).session;
    },
    session: async (id) => (await world.read("session", { session: id })).session,
    async until(what, look) {
      for (const end = Date.now() + patienceMs; Date.now() < end;) {
        const value = await look();
        if (value !== null && value !== undefined && value !== false) return value;
        await pause(40);
      }
      const { sessions } = await world.read("status", {});
      const states = sessions.map(({ id, status, reason }) => `${id} ${status} ${JSON.stringify(reason)}`);
      const said = await readFile(join(oracle, "server.log"), "utf8").catch(() => "");
      throw new Error(`Waited in vain: ${what}.\n${states.join("\n")}\n${said.slice(-4000)}`);
    },
    enough: () => writeFile(join(oracle, "enough"), ""),
    async [Symbol.asyncDispose]() {
      await world.enough();
      await world.killServer();
      await world.killRunner();
      if (options.diskMegabytes !== undefined) await promisify(execFile)("umount", ["--lazy", house.home]);
      await house[Symbol.asyncDispose]();
    },
  };
  await world.startServer();
  await world.command("repository:add", { path: house.repository.path });
  return world;
}

async function mount(...args: string[]) {
  await promisify(execFile)("mount", args);
}

function end(pid: number) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is over by itself.
  }
}

/** The server died between its headers and its last byte. */
function isCut(error: unknown): boolean {
  return error instanceof RefusedError && error.message.includes("without JSON");
}
