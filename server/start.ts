import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, realpath, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Presence } from "#lib/contract/runner.ts";
import { wireVersion } from "#lib/contract/version.ts";
import { ownIdentity } from "./adapters/process/own-identity.ts";
import { createApi } from "./api/api.ts";
import { createDispatcher } from "./api/dispatcher.ts";
import type { Application } from "./application.ts";
import { ProblemError } from "./application.ts";
import { endWhenIdle } from "./end-when-idle.ts";
import { createDoor } from "./gate/door.ts";
import type { Gate } from "./gate/gate.ts";
import { createGate } from "./gate/gate.ts";
import { createLimits } from "./gate/limits.ts";
import type { LanOptions } from "./lan/entrances.ts";
import { certificateFor, planEntrances } from "./lan/entrances.ts";
import { keepCertificate } from "./lan/keep-certificate.ts";
import { closeDoors, entranceAt, listen, urlOf } from "./listen.ts";
import type { Logbook } from "./logbook.ts";
import { openLogbook } from "./logbook.ts";
import type { Clock } from "./ports.ts";
import type { Logs } from "./socket/logs.ts";
import { createLogs } from "./socket/logs.ts";
import { createRedactor } from "./socket/redact.ts";
import { createSockets } from "./socket/sockets.ts";
import { takePlace } from "./take-place.ts";
import type { Team } from "./team/team.ts";
import type { TeamReads } from "./team/team-reads.ts";
import { createWeb } from "./web.ts";

/** What lies behind the doors; opened when the data folder is ours and closed before it is given up. */
export interface Inside {
  readonly application: Application;
  readonly team: Team;
  readonly wholeAudit: TeamReads["wholeAudit"];
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
  readonly ownerName: string;
  readonly logbook: Logbook;
}

export interface StartOptions {
  /** The data folder, absolute; made where it is missing. */
  readonly home: string;
  readonly root: string;
  readonly openInside: (context: InsideContext) => Promise<Inside>;
  /** An explicit port must be free; null takes 4747 or the next free one. */
  readonly port?: number | null;
  /** Listens at the network too; without it this machine's loopback is all. */
  readonly lan?: LanOptions | null;
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
  /** On this machine's loopback. */
  readonly url: string;
  /** Where the network finds it; null where it does not. */
  readonly lan: { readonly urls: readonly string[]; readonly fingerprint: string | null } | null;
  /** A fresh one-time link for the owner, for this machine or for another one on the network. */
  link(where?: "here" | "elsewhere"): Promise<string>;
  /** Resolves when it has ended, whoever asked for it. */
  readonly ended: Promise<void>;
  stop(reason?: string): Promise<void>;
}

/** Nobody could come in as owner, so nothing is opened to the network. */
export class NoOwnerCredentialError extends Error {
  override readonly name = "NoOwnerCredentialError";

  constructor() {
    super("No owner has signed in yet, so the server does not open itself to a network.");
  }
}

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
    const inside = await options.openInside({
      home,
      root: options.root,
      clock,
      instance,
      ownerName: options.ownerName,
      logbook,
    });
    undo.push(() => inside.close());
    const { application, team } = inside;
    const limits = createLimits();
    const dispatcher = createDispatcher(application, (entry) => team.audit(entry));
    const lan = options.lan ?? null;
    const plans = await planEntrances({ lan, home, now: () => clock.now() });
    // In the foreground a link is shown to whoever started it; in the background somebody has to be in already.
    if (lan && background && !(await team.hasOwnerCredential())) throw new NoOwnerCredentialError();

    let lastAskedAt = clock.now().getTime();
    const sockets = createSockets({
      application,
      dispatcher,
      team,
      limits,
      clock,
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
      clock,
      wholeAudit: (query) => inside.wholeAudit(query),
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
    const lines = new Set<Socket>();
    // Whoever follows events or a log without a socket is a client for as long as the answer is open.
    let answering = 0;
    const doors = plans.map((plan) => {
      let gate: Gate | null = null;
      const { certificate, isTrusted: insist } = plan;
      const shared = { api, sockets, pages: web, dev, onError: onError("door") };
      const door = createDoor({ ...shared, gate: () => gate, certificate, insist });
      door.on(certificate ? "secureConnection" : "connection", (line: Socket) => {
        lines.add(line);
        line.once("close", () => lines.delete(line));
      });
      door.on("request", (_request, response) => {
        lastAskedAt = clock.now().getTime();
        answering += 1;
        response.once("close", () => (answering -= 1));
      });
      const open = (port: number) =>
        (gate = createGate({ entrance: entranceAt(plan, port, instance), team }));
      return { plan, door, open };
    });
    undo.push(() =>
      closeDoors(
        doors.map(({ door }) => door),
        lines,
        () => sockets.close("The server leaves; sessions go on."),
      ),
    );
    const port = await listen(doors, options.port ?? null);
    for (const { open } of doors) open(port);
    if (lan) {
      const addresses = plans.filter(({ isLoopback }) => !isLoopback).map(({ address }) => address);
      const stopKeeping = keepCertificate({
        clock,
        find: () => certificateFor({ lan, addresses, home, now: () => clock.now() }),
        use({ cert, key, fingerprint }) {
          for (const { door } of doors) if ("setSecureContext" in door) door.setSecureContext({ cert, key });
          team.listensAt({ ...team.place(), fingerprint });
        },
        onError: onError("certificate"),
      });
      undo.push(stopKeeping);
    }
    const urls = plans.map((plan) => urlOf(plan, port));
    const [url = "", ...lanUrls] = urls;
    const fingerprint = plans.at(-1)?.certificate?.fingerprint ?? null;
    team.listensAt({
      here: url,
      url: lanUrls[0] ?? url,
      reach: lan ? "network" : "machine",
      fingerprint,
    });

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
    logbook.write("info", `Listening at ${urls.join(", ")}`, { pid: process.pid, background });
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
    if (background) {
      const stopLooking = endWhenIdle({
        clock,
        isBusy: async () => sockets.count + answering > 0 || !(await inside.isIdle()),
        lastAskedAt: () => lastAskedAt,
        end: stop,
        onError: onError("idle check"),
      });
      undo.push(stopLooking);
    }

    return {
      url,
      ended: whenEnded,
      stop,
      lan: lan ? { urls: lanUrls, fingerprint } : null,
      async link(where = "here") {
        const order = { actor: team.machine, key: randomUUID() };
        const made = await application.command("team:link", { elsewhere: where === "elsewhere" }, order);
        return made.url;
      },
    };
  } catch (error) {
    await undoAll();
    throw error;
  }
}
