import type { Socket } from "socket.io";
import { z } from "zod";
import type { Answer, ClientToServer, Fact, RoleName, ServerToClient } from "#lib/contract/wire.ts";
import { logRef, logRequest, whereabouts } from "#lib/contract/wire.ts";
import { answerOf } from "#server/api/answer.ts";
import type { Dispatcher } from "#server/api/dispatcher.ts";
import { parsed } from "#server/api/dispatcher.ts";
import type { Application } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import type { Limits } from "#server/gate/limits.ts";
import { whyNot } from "#server/team/can.ts";
import type { Presence } from "#server/team/presence.ts";
import type { Visitor } from "#server/team/visitor.ts";
import type { Logs } from "./logs.ts";
import { logKey } from "./logs.ts";
import type { Outflow } from "./outflow.ts";

export interface SocketData {
  visitor: Visitor;
  outflow: Outflow;
}
export type Empty = Record<string, never>;
export type OurSocket = Socket<ClientToServer, ServerToClient, Empty, SocketData>;

interface Options {
  readonly application: Application;
  readonly dispatcher: Dispatcher;
  readonly limits: Limits;
  readonly logs: () => Logs;
  readonly presence: Presence;
  readonly onError: (error: unknown) => void;
  /** The rooms that facts and presence go to. */
  readonly everybody: string;
  readonly company: string;
  /** Before every event: who this still is; throws when nobody. */
  readonly begin: () => Promise<Visitor>;
}

/** What an event is answered with; `after` runs when the answer was sent, before anything else is. */
interface Reply<Output> {
  readonly value: Output;
  readonly after?: () => void;
}

type EventName = keyof ClientToServer;
type Respond = (body: unknown, visitor: Visitor) => Promise<Reply<unknown>>;

/** The least role for every event; a command and a read have their own demand besides. What is not here is not heard. */
export const eventRoles = {
  command: "viewer",
  read: "viewer",
  follow: "viewer",
  "log:open": "viewer",
  "log:close": "viewer",
  present: "viewer",
} as const satisfies Record<EventName, RoleName>;

const mostFollows = 32;
const readRequest = z.object({ name: z.string().max(50), input: z.unknown() });
const followRequest = z.object({ since: z.number().int().min(0).nullable() });

/** Answers the events of one socket. */
export function converse(socket: OurSocket, options: Options): void {
  const { application, dispatcher, limits, presence, everybody, onError } = options;
  /** How to stop following, by the key of the log. */
  const follows = new Map<string, () => void>();

  function on(event: EventName, respond: Respond) {
    return (body: unknown, ack: unknown) => {
      // Without an acknowledgement nobody could be told; nothing is done for such a packet.
      if (typeof ack !== "function") return;
      const reply = ack as (answer: Answer<unknown>) => void;
      options
        .begin()
        .then((visitor) => {
          const why = whyNot(visitor.actor, { role: eventRoles[event], right: null });
          if (why !== null) throw new ProblemError("forbidden", why, "Ask an owner.");
          return respond(body, visitor);
        })
        .then(
          ({ value, after }) => {
            reply({ ok: true, value });
            after?.();
          },
          (error: unknown) => reply(answerOf(error, onError)),
        )
        .catch(onError);
    };
  }

  async function command(body: unknown, visitor: Visitor): Promise<Reply<unknown>> {
    const wait = await limits.command(visitor);
    if (wait !== null) throw new ProblemError("too-many", `Too many commands; try again in ${wait} s.`);
    return { value: await dispatcher.command(body, visitor.actor) };
  }

  async function read(body: unknown, visitor: Visitor): Promise<Reply<unknown>> {
    const { name, input } = parsed(readRequest, body);
    return { value: await dispatcher.read(name, input ?? {}, visitor.actor) };
  }

  /** Facts that come while the answer is made wait for it, so that they follow it without a gap. */
  async function follow(body: unknown, visitor: Visitor) {
    const { since } = parsed(followRequest, body);
    const hasFollowed = socket.rooms.has(everybody);
    void socket.leave(everybody);
    const meanwhile: Fact[] = [];
    const stop = application.onFacts((facts) => meanwhile.push(...facts));
    const answer = await application.follow(since, { actor: visitor.actor }).catch((error: unknown) => {
      stop();
      // Else it would never hear of a fact again, whose gap is what makes it ask anew.
      if (hasFollowed && socket.connected) void socket.join(everybody);
      throw error;
    });
    const after = () => {
      stop();
      const last =
        answer.kind === "snapshot" ? answer.snapshot.seq : (answer.facts.at(-1)?.seq ?? since ?? 0);
      const news = meanwhile.filter(({ seq }) => seq > last);
      if (news.length > 0) socket.emit("facts", news);
      socket.emit("alerts", [...application.alerts()]);
      if (socket.connected) void socket.join(everybody);
    };
    return { value: answer, after };
  }

  async function openLog(body: unknown) {
    const request = parsed(logRequest, body);
    const key = logKey(request);
    if (request.follow && !follows.has(key) && follows.size >= mostFollows)
      throw new ProblemError("too-many", `At most ${mostFollows} logs can be followed at once.`);
    const opened = await options.logs().open(request);
    const after = () => {
      if (!request.follow || !opened.reachesEnd || !socket.connected) return;
      const { outflow } = socket.data;
      follows.get(key)?.();
      const stop = opened.follow({
        group: key,
        behindBytes: () => outflow.behindBytes(),
        drained: () => outflow.drained(),
        setUpToDate: (isUpToDate) => void (isUpToDate ? socket.join(key) : socket.leave(key)),
        send: (bytes) => socket.emit("log:bytes", bytes),
      });
      follows.set(key, stop);
    };
    return { value: opened.window, after };
  }

  function closeLog(body: unknown) {
    const key = logKey(parsed(logRef, body));
    follows.get(key)?.();
    follows.delete(key);
    return Promise.resolve({ value: null });
  }

  /** Who they are is known from the login; a window tells no more than where it is. */
  function present(body: unknown, visitor: Visitor) {
    const where = parsed(whereabouts, body);
    if (!socket.connected) throw new ProblemError("unavailable", "The line was cut.");
    // In one turn, so that what happens next is told to this window too.
    void socket.join(options.company);
    return Promise.resolve({ value: presence.tell(socket.id, visitor.actor, where) });
  }

  const responses: Record<EventName, Respond> = {
    command,
    read,
    follow,
    "log:open": openLog,
    // `parsed` may throw: a promise makes it a refusal.
    "log:close": async (body) => closeLog(body),
    present: async (body, visitor) => present(body, visitor),
  };
  for (const [event, respond] of Object.entries(responses) as [EventName, Respond][])
    socket.on(event, on(event, respond));
  socket.on("disconnect", () => {
    presence.leave(socket.id);
    for (const stop of follows.values()) stop();
    follows.clear();
  });
}
