import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { Server } from "socket.io";
import { z } from "zod";
import type { ClientToServer, ServerToClient } from "#lib/contract/wire.ts";
import { wireVersion } from "#lib/contract/wire.ts";
import { answerOf } from "#server/api/answer.ts";
import type { Dispatcher } from "#server/api/dispatcher.ts";
import { parsed } from "#server/api/dispatcher.ts";
import type { Application } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import type { Admission } from "#server/gate/gate.ts";
import type { Limits } from "#server/gate/limits.ts";
import { most } from "#server/gate/limits.ts";
import { refusal, refuse, refuseUpgrade } from "#server/gate/refusal.ts";
import type { Clock } from "#server/ports.ts";
import { createPresence } from "#server/team/presence.ts";
import type { Team } from "#server/team/team.ts";
import type { Visitor } from "#server/team/visitor.ts";
import type { Empty, OurSocket, SocketData } from "./conversation.ts";
import { converse } from "./conversation.ts";
import type { Logs } from "./logs.ts";
import { watchOutflow } from "./outflow.ts";

export interface Sockets {
  /** Takes a request or an upgrade that the gate let in. */
  request(request: IncomingMessage, response: ServerResponse, admission: Admission): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void;
  readonly count: number;
  /** Sends to everybody who is up to date in this log; the frame is encoded once. */
  tellLog: (group: string, bytes: Parameters<ServerToClient["log:bytes"]>[0]) => void;
  close(reason: string): Promise<void>;
}

/** What the engine under socket.io holds of a connection. */
interface EngineLine {
  readonly id: string;
  readonly request: IncomingMessage;
  once(event: "close", listener: () => void): void;
}

export const socketPath = "/socket.io/";

const everybody = "facts";
const company = "presence";
/** Who leaves this much unread is sent away; it comes back and asks for what it missed. */
const slowBytes = 8 * 1_048_576;
const lookAgainEveryMs = 30_000;
const notYours = refusal("forbidden", "This line was opened by another login.");

const handshakeAuth = z.object({ token: z.string().max(500).nullish(), version: z.number().int() });

/** The door for browsers: commands, reads, facts and logs over one socket. Everything is asked anew for every event. */
export function createSockets(options: {
  application: Application;
  dispatcher: Dispatcher;
  team: Team;
  limits: Limits;
  clock: Clock;
  logs: () => Logs;
  onError: (error: unknown) => void;
}): Sockets {
  const { application, team, limits } = options;
  const presence = createPresence(options);
  const admissions = new WeakMap<IncomingMessage, Admission>();
  // This server never listens: the engine sees only what the gate hands on. Recovery of connections stays off: it would let
  // a socket in without asking, and `follow` gives back more than it could.
  const inner = createServer();
  const io = new Server<ClientToServer, ServerToClient, Empty, SocketData>(inner, {
    serveClient: false,
    maxHttpBufferSize: 1_000_000,
    connectTimeout: 10_000,
    allowRequest: (request, decide) => decide(null, admissions.has(request)),
  });

  /** The login that opened each line, by the line's number. */
  const lines = new Map<string, string | null>();
  io.engine.on("connection", (line: EngineLine) => {
    lines.set(line.id, admissions.get(line.request)?.visitor?.credential ?? null);
    line.once("close", () => lines.delete(line.id));
  });

  io.use((socket: OurSocket, next) => {
    letIn(socket).then(
      () => next(),
      (error: unknown) => {
        const { problem } = answerOf(error, options.onError);
        next(Object.assign(new Error(problem.message), { data: problem }));
      },
    );
  });

  async function letIn(socket: OurSocket): Promise<void> {
    const visitor = admissions.get(socket.request)?.visitor;
    const auth = parsed(handshakeAuth, socket.handshake.auth);
    if (auth.version !== wireVersion)
      throw new ProblemError("version", "This page is older than the server.", "Reload the page.");
    const current = visitor ? await team.again(visitor) : null;
    if (!current) throw new ProblemError("unauthenticated", "You are not signed in.");
    if (current.actor.via.kind === "device" && !(await team.holdsHeader(current, auth.token ?? "")))
      throw new ProblemError("unauthenticated", "This page has lost its token.", "Run `amplify open`.");
    if (current.credential !== null && socketsOf(current.actor.person).length >= most.sockets)
      throw new ProblemError("too-many", "You have too many windows open.", "Close some of them.");
    socket.data.visitor = current;
  }

  function socketsOf(person: string): OurSocket[] {
    return [...io.sockets.sockets.values()].filter(({ data }) => data.visitor.actor.person === person);
  }

  io.on("connection", (socket: OurSocket) => {
    socket.data.outflow = watchOutflow(socket);
    converse(socket, { ...options, presence, everybody, company, begin: () => begin(socket) });
  });

  async function begin(socket: OurSocket): Promise<Visitor> {
    const wait = await limits.turn(socket.data.visitor);
    if (wait !== null)
      throw new ProblemError("too-many", `Too many requests at once; try again in ${wait} s.`);
    const visitor = await team.again(socket.data.visitor);
    if (!visitor) {
      dismiss(socket, "Your login has ended.");
      throw new ProblemError("unauthenticated", "Your login has ended.", "Run `amplify open`.");
    }
    socket.data.visitor = visitor;
    return visitor;
  }

  function dismiss(socket: OurSocket, reason: string): void {
    socket.emit("bye", reason);
    socket.disconnect(true);
  }

  /** Who may do something else by now is told so; who may do nothing any more goes. */
  async function lookAgain(socket: OurSocket): Promise<void> {
    const before = socket.data.visitor;
    const visitor = await team.again(before);
    if (!visitor) {
      dismiss(socket, "Your login has ended.");
      return;
    }
    socket.data.visitor = visitor;
    if (isDeepStrictEqual(before.actor, visitor.actor)) return;
    presence.renew(socket.id, visitor.actor);
    socket.emit("me", await application.read("me", {}, { actor: visitor.actor }));
  }

  function cutOffTheSlow(room: string): void {
    for (const id of io.sockets.adapter.rooms.get(room) ?? []) {
      const socket = io.sockets.sockets.get(id);
      if (socket && socket.data.outflow.behindBytes() > slowBytes) socket.disconnect(true);
    }
  }

  const ends = [
    application.onFacts((facts) => {
      cutOffTheSlow(everybody);
      io.to(everybody).emit("facts", facts);
    }),
    application.onAlerts((alerts) => void io.to(everybody).emit("alerts", [...alerts])),
    presence.onNews((news) => {
      cutOffTheSlow(company);
      io.to(company).emit("presence", news);
    }),
    application.onPulse((pulses) => void io.to(everybody).volatile.emit("pulse", pulses)),
    team.onLeft((credential) => {
      for (const socket of io.sockets.sockets.values())
        if (socket.data.visitor.credential === credential) dismiss(socket, "You were signed out.");
    }),
    team.onChanged((person) => {
      for (const socket of socketsOf(person)) lookAgain(socket).catch(options.onError);
    }),
  ];
  // A login may also end by time alone, while its page only watches.
  const timer = setInterval(() => {
    for (const socket of io.sockets.sockets.values()) lookAgain(socket).catch(options.onError);
  }, lookAgainEveryMs);
  timer.unref();

  /** A line belongs to the login that opened it: its number in anybody else's request is worth nothing. */
  function isOwnLine(request: IncomingMessage, { visitor }: Admission): boolean {
    const [id, ...more] = new URL(request.url ?? "/", "http://server").searchParams.getAll("sid");
    if (id === undefined) return true;
    // An unknown one is the engine's to refuse.
    const opener = lines.get(id);
    return more.length === 0 && (opener === undefined || opener === visitor?.credential);
  }

  return {
    request(request, response, admission) {
      if (!isOwnLine(request, admission)) {
        refuse(response, notYours);
        return;
      }
      admissions.set(request, admission);
      inner.emit("request", request, response);
    },
    upgrade(request, socket, head, admission) {
      if (!isOwnLine(request, admission)) {
        refuseUpgrade(socket, notYours);
        return;
      }
      admissions.set(request, admission);
      inner.emit("upgrade", request, socket, head);
    },
    get count() {
      return io.sockets.sockets.size;
    },
    tellLog: (group, bytes) => void io.to(group).emit("log:bytes", bytes),
    async close(reason) {
      clearInterval(timer);
      for (const end of ends) end();
      presence.stop();
      for (const socket of io.sockets.sockets.values()) dismiss(socket, reason);
      await io.close();
    },
  };
}
