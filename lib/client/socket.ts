import type { Socket } from "socket.io-client";
import { io } from "socket.io-client";
import { wireVersion } from "#lib/contract/version.ts";
import type {
  Answer,
  Attendance,
  ClientToServer,
  CommandInput,
  CommandName,
  CommandOutput,
  FollowAnswer,
  LogRef,
  LogRequest,
  LogWindow,
  ReadInput,
  ReadName,
  ReadOutput,
  ServerToClient,
} from "#lib/contract/wire.ts";
import { Follower } from "./follower.ts";
import type { LogChunk } from "./log-tail.ts";
import { LogTail } from "./log-tail.ts";
import type { Model } from "./model.ts";
import type { Company } from "./presence.ts";
import { Presence } from "./presence.ts";
import { accepted, problemOf, UnreachableError } from "./refused.ts";

/**
 * How the line to the server stands. `refused`: it answers, and cannot say how things stand; it is asked again.
 * `signed-out`: it answers, and does not know us.
 */
export type LineState = "connecting" | "online" | "offline" | "refused" | "signed-out";

export interface ConnectOptions {
  /** Empty for the page's own origin. */
  readonly url: string;
  readonly token: string | null;
  readonly onModel: (model: Model) => void;
  readonly onLine: (state: LineState, reason: string | null) => void;
  readonly onCompany: (company: Company) => void;
}

export interface Connection {
  /** `key` makes repeats harmless; one is made where none is given. */
  command<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    key?: string,
  ): Promise<CommandOutput<Name>>;
  read<Name extends ReadName>(name: Name, input: ReadInput<Name>): Promise<ReadOutput<Name>>;
  /** One window, without following. */
  readLog(request: LogRequest): Promise<LogWindow>;
  /** Follows a log over reconnections; the answer ends it. */
  followLog(
    ref: LogRef,
    place: { offset: number | null; limit: number },
    handlers: { onChunk: (chunk: LogChunk) => void; onError: (error: unknown) => void },
  ): () => void;
  /** Where this window is, for the others. */
  readonly presence: Pick<Presence, "look" | "write" | "rest">;
  close(): void;
}

/** A server that answers at all answers a command within this; landings are acknowledged when they start. */
const ackTimeoutMs = 30_000;
/** How long a command waits for a lost connection before the person is told. */
const patienceMs = 15_000;
/** What refuses a snapshot, such as a busy database, is seldom gone sooner. */
const askAgainMs = 2_000;

export function connect({ url, token, onModel, onLine, onCompany }: ConnectOptions): Connection {
  const socket: Socket<ServerToClient, ClientToServer> = io(url, {
    auth: { token, version: wireVersion },
    transports: ["websocket", "polling"],
    reconnectionDelay: 300,
    reconnectionDelayMax: 5_000,
  });
  const tails = new Map<string, Set<LogTail>>();
  let farewell: string | null = null;
  let askAgain: ReturnType<typeof setTimeout> | undefined;

  const follower = new Follower((since) => ask<FollowAnswer>("follow", { since }), onModel);

  const presence = new Presence((where) => ask<Attendance>("present", where), onCompany);

  socket.on("connect", () => {
    farewell = null;
    presence.connected();
    catchUp();
    for (const set of tails.values()) for (const tail of set) void tail.open();
  });
  socket.on("disconnect", (reason) => {
    presence.disconnected();
    onLine("offline", farewell);
    // The server hung up, perhaps only to start again: socket.io leaves it at that unless told to try.
    if (reason === "io server disconnect") socket.connect();
  });
  socket.on("connect_error", (error) => {
    // `active` is false where the server itself refused the handshake, and says why.
    if (socket.active) void explain();
    else onLine("signed-out", error.message);
  });
  socket.on("bye", (reason) => {
    farewell = reason;
  });
  socket.on("facts", (facts) => follower.take(facts));
  socket.on("me", (me) => follower.meet(me));
  socket.on("pulse", (pulses) => follower.pulse(pulses));
  socket.on("alerts", (alerts) => follower.alert(alerts));
  socket.on("presence", (news) => presence.take(news));
  socket.on("log:bytes", (bytes) => {
    for (const tail of tails.get(keyOf(bytes)) ?? []) tail.take(bytes);
  });

  /** Until it is done, or until the line is cut: the next one begins anew. */
  function catchUp(): void {
    clearTimeout(askAgain);
    const { id } = socket;
    follower.catchUp().then(
      () => onLine("online", null),
      (error: unknown) => {
        if (!socket.connected || socket.id !== id) return;
        const { message, fix } = problemOf(error);
        onLine("refused", fix ? `${message} ${fix}` : message);
        askAgain = setTimeout(catchUp, askAgainMs);
      },
    );
  }

  /** A gate that turns the socket away looks like no server at all; a plain request tells the two apart. */
  async function explain(): Promise<void> {
    const isKnown = await fetch(`${url}/api/me`, { headers: { "x-amplify-token": token ?? "" } }).then(
      ({ status }) => status !== 401 && status !== 403,
      () => true,
    );
    if (!socket.connected) onLine(isKnown ? "offline" : "signed-out", farewell);
  }

  /** Sends until it is acknowledged. Every event is harmless to repeat: reads, or keyed commands. */
  async function ask<Output>(event: keyof ClientToServer, body: unknown): Promise<Output> {
    for (let attempt = 1; ; attempt++) {
      await connected();
      try {
        const answer = (await socket.timeout(ackTimeoutMs).emitWithAck(event, body)) as Answer<Output>;
        return accepted(answer);
      } catch (error) {
        const lost = error instanceof Error && !("problem" in error);
        if (!lost) throw error;
        if (attempt === 3) throw new UnreachableError("The server does not answer.", { cause: error });
      }
    }
  }

  function connected(): Promise<void> {
    if (socket.connected) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onConnect = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        socket.off("connect", onConnect);
        reject(new UnreachableError("The server cannot be reached."));
      }, patienceMs);
      socket.once("connect", onConnect);
    });
  }

  return {
    command: (name, input, key = newKey()) => ask("command", { name, key, input }),
    read: (name, input) => ask("read", { name, input }),
    readLog: (request) => ask("log:open", { ...request, follow: false }),
    followLog(ref, { offset, limit }, { onChunk, onError }) {
      const tail = new LogTail({
        offset,
        limit,
        open: (place) => ask<LogWindow>("log:open", { ...ref, ...place }),
        onChunk,
        onError,
      });
      const key = keyOf(ref);
      const set = tails.get(key) ?? new Set();
      tails.set(key, set.add(tail));
      void tail.open();
      return () => {
        tail.close();
        set.delete(tail);
        if (set.size > 0) return;
        tails.delete(key);
        // On a dead line there is nothing to close: the server forgot the follower with the socket.
        if (socket.connected) ask("log:close", ref).catch(() => undefined);
      };
    },
    presence,
    close() {
      clearTimeout(askAgain);
      presence.close();
      socket.close();
    },
  };
}

/** `crypto.randomUUID` exists only on secure origins; a LAN without TLS is none. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keyOf({ session, stream, step }: LogRef): string {
  return `${session}/${stream}/${String(step)}`;
}
