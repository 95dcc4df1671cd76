import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, realpath, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Presence } from "#lib/contract/runner.ts";
import { presenceSchema } from "#lib/contract/runner.ts";
import { wireVersion } from "#lib/contract/version.ts";
import { ownIdentity } from "./adapters/process/own-identity.ts";
import type { SingleInstance } from "./adapters/process/single-instance.ts";
import { takeSingleInstance } from "./adapters/process/single-instance.ts";
import { createApi } from "./api/api.ts";
import { createDispatcher } from "./api/dispatcher.ts";
import type { Application } from "./application.ts";
import { ProblemError } from "./application.ts";
import { createAddresses } from "./gate/addresses.ts";
import { createDoor } from "./gate/door.ts";
import type { Gate } from "./gate/gate.ts";
import { createGate } from "./gate/gate.ts";
import { createLimits } from "./gate/limits.ts";
import type { Logbook } from "./logbook.ts";
import { openLogbook } from "./logbook.ts";
import type { Clock } from "./ports.ts";
import type { Logs } from "./socket/logs.ts";
import { createLogs } from "./socket/logs.ts";
import { createRedactor } from "./socket/redact.ts";
import { createSockets } from "./socket/sockets.ts";
import type { TeamStore } from "./team/ports.ts";
import { createTeam } from "./team/team.ts";
import { createWeb } from "./web.ts";

/** What lies behind the doors; opened when the data folder is ours and closed before it is given up. */
export interface Inside {
  readonly application: Application;
  readonly teamStore: TeamStore;
  /** No session works or waits, nothing lands and no loop runs. */
  isIdle(): Promise<boolean>;
  close(): Promise<void>;
}

export interface InsideContext {
  readonly home: string;
  /** Folder of the product, where migrations and pages are. */
  readonly root: string;
  readonly clock: Clock;
  /** Stable for this data folder. */
  readonly instance: string;
  readonly logbook: Logbook;
}

export interface StartOptions {
  /** The data folder, absolute; made where it is missing. */
  readonly home: string;
  readonly root: string;
  readonly openInside: (context: InsideContext) => Promise<Inside>;
  /** An explicit port must be free; null takes 4747 or the next free one. */
  readonly port?: number | null;
  /** The interface to listen on; loopback unless said otherwise. */
  readonly host?: string;
  /** Further names of this machine that clients may use. */
  readonly names?: readonly string[];
  /** False serves no pages. */
  readonly web?: boolean;
  readonly dev?: boolean;
  /** Started by a command: it gives way to one in the foreground, and ends when it has been idle for long. */
  readonly background?: boolean;
  readonly ownerName: string;
  readonly clock: Clock;
  /** Whether to write the log to standard error too. */
  readonly echo?: boolean;
}

export interface RunningServer {
  readonly url: string;
  /** A fresh one-time link for the owner. */
  link(): Promise<string>;
  /** Resolves when it has ended, whoever asked for it. */
  readonly ended: Promise<void>;
  stop(reason?: string): Promise<void>;
}

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

export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly port: number;

  constructor(port: number) {
    super(`Port ${port} is taken.`);
    this.port = port;
  }
}

const firstPort = 4747;
const portsTried = 50;
export const idleLimitMs = 30 * 60_000;
const idleCheckMs = 60_000;
/** How long the one before may take to close its database. */
const takeOverLimitMs = 15_000;
/** How long answers that are under way may take when we leave. */
const farewellMs = 500;

/** Starts the server of a data folder: one process, one port, one lock. Rejects when it cannot have all three. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { clock, background = false, dev = false } = options;
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  await chmod(options.home, 0o700);
  const home = await realpath(options.home);
  const run = path.join(home, "run");
  await mkdir(run, { recursive: true, mode: 0o700 });
  const lock = await takePlace(run, background);
  const undo: (() => void | Promise<void>)[] = [() => lock.release()];
  const undoAll = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const logbook = openLogbook(path.join(home, "logs"), { echo: options.echo ?? true });
    const onError = (during: string) => (error: unknown) => logbook.error(error, during);
    const instance = createHash("sha256").update(home).digest("hex").slice(0, 16);
    const inside = await options.openInside({ home, root: options.root, clock, instance, logbook });
    undo.push(() => inside.close());
    const { application } = inside;
    const team = await createTeam({ store: inside.teamStore, clock, ownerName: options.ownerName });
    const limits = createLimits();
    const dispatcher = createDispatcher(application);

    let gate: Gate | null = null;
    let url = "";
    let lastBusyAt = clock.now().getTime();
    const sockets = createSockets({
      application,
      dispatcher,
      team,
      limits,
      logs: () => logs,
      onError: onError("socket"),
    });
    const logs: Logs = createLogs({
      application,
      redactor: createRedactor(process.env),
      tellGroup: sockets.tellLog,
    });
    undo.push(() => logs.close());
    const api = createApi({
      application,
      dispatcher,
      team,
      limits,
      logs,
      cookieName: `amplify_${instance}`,
      secure: false,
      url: () => url,
      leave(why) {
        if (why === "take-over" && !background)
          throw new ProblemError(
            "conflict",
            "This server runs in the foreground.",
            "End it where it was started.",
          );
        setImmediate(() => void stop(why === "stop" ? "Asked to stop." : "Another server takes over."));
      },
      onError: onError("api"),
    });
    const web =
      options.web === false
        ? null
        : createWeb({
            dir: options.root,
            dev,
            note: (text) => logbook.write("info", text),
            onError: onError("web"),
          });
    if (web) undo.push(() => web.close());
    const door = createDoor({ gate: () => gate, api, sockets, pages: web, dev, onError: onError("door") });
    const lines = new Set<Socket>();
    door.on("connection", (line) => {
      lines.add(line);
      line.once("close", () => lines.delete(line));
    });
    // Whoever follows events or a log without a socket is a client for as long as the answer is open.
    let answering = 0;
    door.on("request", (_request, response) => {
      lastBusyAt = clock.now().getTime();
      answering += 1;
      response.once("close", () => (answering -= 1));
    });
    const host = options.host ?? "127.0.0.1";
    const port = await listen(door, host, options.port ?? null);
    undo.push(() => closeDoor(door, lines, () => sockets.close("The server leaves; sessions go on.")));
    const addresses = createAddresses({ port, names: options.names ?? [] });
    gate = createGate({ addresses, team, instance });
    url = `http://127.0.0.1:${port}`;

    await writeFileAtomic(path.join(run, "cli-token"), `${team.machineToken}\n`, { mode: 0o600 });
    const presence: Presence = {
      version: wireVersion,
      ...ownIdentity(),
      startedAt: clock.now().toISOString(),
      socket: null,
      url,
    };
    await writeFileAtomic(path.join(run, "server.json"), JSON.stringify(presence), { mode: 0o600 });
    undo.push(() => rm(path.join(run, "server.json"), { force: true }));
    logbook.write("info", `Listening at ${url}`, { pid: process.pid, background });
    if (web && !background) void web.prepare();

    let stopping: Promise<void> | null = null;
    let ended = () => {};
    const whenEnded = new Promise<void>((resolve) => (ended = resolve));
    function stop(reason = "Asked to stop."): Promise<void> {
      stopping ??= (async () => {
        logbook.write("info", `Leaving: ${reason}`);
        await undoAll();
        ended();
      })();
      return stopping;
    }
    if (background) undo.push(endWhenIdle());

    /** Looks now and then; answers how to stop looking. */
    function endWhenIdle(): () => void {
      let cancel = () => {};
      async function look(): Promise<void> {
        if (sockets.count + answering > 0 || !(await inside.isIdle())) lastBusyAt = clock.now().getTime();
        if (clock.now().getTime() - lastBusyAt >= idleLimitMs) await stop("Idle for 30 minutes.");
      }
      function lookLater(): void {
        cancel = clock.after(idleCheckMs, () => {
          look()
            .catch(onError("idle check"))
            .finally(() => {
              if (!stopping) lookLater();
            });
        });
      }
      lookLater();
      return () => cancel();
    }

    return {
      url,
      ended: whenEnded,
      stop,
      async link() {
        const { token } = await team.makeLink({ name: options.ownerName, role: "owner" });
        return `${url}/login#${token}`;
      },
    };
  } catch (error) {
    await undoAll();
    throw error;
  }
}

/** The lock of the data folder. A server in the background is asked to leave for one in the foreground. */
async function takePlace(run: string, background: boolean): Promise<SingleInstance> {
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

async function listen(server: Server, host: string, explicit: number | null): Promise<number> {
  const candidates =
    explicit === null
      ? [...Array.from({ length: portsTried }, (_, index) => firstPort + index), 0]
      : [explicit];
  for (const candidate of candidates) {
    const port = await listenAt(server, host, candidate);
    if (port !== null) return port;
  }
  throw new PortTakenError(explicit ?? firstPort);
}

/** The port, or null where it is taken. */
function listenAt(server: Server, host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Takes no more, says goodbye to the sockets, lets short answers end, and hangs up on the rest. */
async function closeDoor(
  door: Server,
  lines: ReadonlySet<Socket>,
  sayGoodbye: () => Promise<void>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => door.close(() => resolve()));
  await sayGoodbye();
  door.closeIdleConnections();
  // Upgraded connections are no longer the server's own, so it would wait for them without an end.
  const timer = setTimeout(() => lines.forEach((line) => line.destroy()), farewellMs);
  await closed;
  clearTimeout(timer);
}
