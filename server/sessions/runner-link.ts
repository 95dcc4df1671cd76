import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { FromRunner, Presence, ToRunner } from "#lib/contract/runner.ts";
import { fromRunnerSchema, runnerVersion } from "#lib/contract/runner.ts";
import type { Clock } from "../ports.ts";
import { subscribe } from "./ledger.ts";
import type { RunnerHost } from "./ports.ts";

type Moved = Extract<FromRunner, { kind: "moved" }>;

/** The line to the runner. Nothing depends on it but speed: what is lost is found in the files. */
export interface RunnerLink {
  /** Says that a session's directory holds something new; starts a runner where none is. */
  ring(directory: string): void;
  /** Sees to it that a runner runs, so that living sessions are looked after. */
  ensure(): void;
  onMoved(listener: (moved: Moved) => void): () => void;
  /** The runner cannot write. */
  onTrouble(listener: () => void): () => void;
  /** A runner has (again) said hello. */
  onConnected(listener: () => void): () => void;
  isConnected(): boolean;
  stop(): void;
}

/** A runner needs about a tenth of a second to be there; the pauses grow so that a broken one costs nothing. */
const pausesMs = [50, 100, 200, 400, 800, 1600, 5000, 15_000];

/** After this long a runner that was started, lives and did not come is started again. */
const startLimitMs = 5000;
/** One that was started is looked for this often until then, however long it takes on a busy machine. */
const comingMs = 200;

export function createRunnerLink(deps: {
  host: RunnerHost;
  clock: Clock;
  /** Some session needs a runner, so one that goes away has to come back. One without work ends itself. */
  isNeeded(): boolean;
}): RunnerLink {
  const { host, clock } = deps;
  const movedListeners = new Set<(moved: Moved) => void>();
  const connectedListeners = new Set<() => void>();
  const troubleListeners = new Set<() => void>();
  /** Of these nothing was heard since: who was told may have died before it looked. */
  const rung = new Set<string>();
  let socket: Socket | null = null;
  let greeted = false;
  let stopped = false;
  let attempts = 0;
  let connecting = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  let wantedUntil = 0;
  let cancelTimer = () => {};

  function send(message: ToRunner) {
    socket?.write(`${JSON.stringify(message)}\n`);
  }

  async function connectOnce() {
    const presence = await host.presence();
    const lives = presence !== null && (await host.isAlive(presence));
    if (stopped) return;
    if (!lives || !presence.socket) {
      startOnce();
      later();
      return;
    }
    open(presence.socket, presence);
  }

  function startOnce() {
    const now = clock.now().getTime();
    if (now - startedAt < startLimitMs) return;
    startedAt = now;
    const child = startRunner(host);
    // One that died, as it came up or later, is in nobody's way.
    child.once("exit", () => {
      if (startedAt === now) startedAt = Number.NEGATIVE_INFINITY;
    });
  }

  function open(path: string, presence: Presence) {
    const line = connect(path);
    socket = line;
    line.on("error", () => undefined);
    line.once("close", () => {
      if (socket === line) socket = null;
      greeted = false;
      later();
    });
    createInterface({ input: line, crlfDelay: Infinity })
      .on("line", (text) => hear(text, line, presence))
      .on("error", () => undefined);
  }

  function hear(text: string, line: Socket, presence: Presence) {
    const message = parseMessage(text);
    if (!message) return;
    if (message.kind === "moved") {
      rung.delete(message.directory);
      for (const listener of movedListeners) listener(message);
      return;
    }
    if (message.kind === "trouble") {
      for (const listener of troubleListeners) listener();
      return;
    }
    if (message.version !== runnerVersion || presence.pid !== message.pid) {
      // Of another version: its agents live on, and ours adopts them.
      if (message.version !== runnerVersion) send({ kind: "leave" });
      line.end();
      return;
    }
    greeted = true;
    attempts = 0;
    for (const directory of rung) send({ kind: "ring", directory });
    for (const listener of connectedListeners) listener();
  }

  function later() {
    cancelTimer();
    const isWanted = rung.size > 0 || deps.isNeeded() || clock.now().getTime() < wantedUntil;
    if (stopped || !isWanted) return;
    const isComing = clock.now().getTime() - startedAt < startLimitMs;
    const pause = pausesMs[Math.min(attempts, pausesMs.length - 1)] ?? 1000;
    attempts += 1;
    cancelTimer = clock.after(isComing ? Math.min(pause, comingMs) : pause, attempt);
  }

  function attempt() {
    if (socket || connecting || stopped) return;
    connecting = true;
    connectOnce()
      .catch(() => later())
      .finally(() => (connecting = false));
  }

  function ensure() {
    wantedUntil = clock.now().getTime() + startLimitMs;
    if (!stopped) attempt();
  }

  return {
    ring(directory) {
      rung.add(directory);
      if (greeted) send({ kind: "ring", directory });
      else {
        attempts = 0;
        ensure();
      }
    },
    ensure,
    onMoved: (listener) => subscribe(movedListeners, listener),
    onTrouble: (listener) => subscribe(troubleListeners, listener),
    onConnected: (listener) => subscribe(connectedListeners, listener),
    isConnected: () => greeted,
    stop() {
      stopped = true;
      cancelTimer();
      socket?.destroy();
    },
  };
}

/** Detached and without a pipe to us: it outlives the server. */
function startRunner({ command, env }: RunnerHost): ChildProcess {
  const child = spawn(command.file, [...command.args], {
    detached: true,
    stdio: "ignore",
    env: { ...env },
    cwd: "/",
  });
  child.on("error", (error) => console.error(`The runner cannot be started: ${error.message}`));
  child.unref();
  return child;
}

function parseMessage(text: string): FromRunner | null {
  try {
    return fromRunnerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
