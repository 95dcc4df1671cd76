import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { loginRequest } from "#lib/contract/wire.ts";
import type { Application } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import { cookieLine } from "#server/gate/credentials.ts";
import type { Admission, Entrance } from "#server/gate/gate.ts";
import type { Limits } from "#server/gate/limits.ts";
import { most } from "#server/gate/limits.ts";
import { refusalOf, refuse } from "#server/gate/refusal.ts";
import type { Clock } from "#server/ports.ts";
import type { Logs } from "#server/socket/logs.ts";
import { whyNot } from "#server/team/can.ts";
import { absoluteLimitMs } from "#server/team/login-limits.ts";
import { signature } from "#server/team/signature.ts";
import type { Team } from "#server/team/team.ts";
import type { TeamReads } from "#server/team/team-reads.ts";
import type { Visitor } from "#server/team/visitor.ts";
import { answerOf } from "./answer.ts";
import { sendAudit } from "./audit-file.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { isRead, parsed } from "./dispatcher.ts";
import { streamEvents } from "./event-stream.ts";
import { jsonBody } from "./json-body.ts";
import { streamLog } from "./log-stream.ts";
import type { Route, RoutePath } from "./routes.ts";
import { findRoute, isRoutePath } from "./routes.ts";
import { endWithVisitor } from "./end-with-visitor.ts";

export interface ApiOptions {
  readonly application: Application;
  readonly dispatcher: Dispatcher;
  readonly team: Team;
  readonly limits: Limits;
  readonly logs: Logs;
  readonly clock: Clock;
  readonly wholeAudit: TeamReads["wholeAudit"];
  /** Ends the server after the answer; throws where it must not. */
  readonly leave: (why: "stop" | "take-over") => void;
  readonly onError: (error: unknown) => void;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** Null where the route lets in anybody. */
  readonly visitor: Visitor | null;
  readonly entrance: Entrance;
}
/** A call of somebody who was let in. */
type KnownCall = Call & { readonly visitor: Visitor };

const leaveBody = z.object({ why: z.enum(["stop", "take-over"]).default("stop") });

/** The same inside as the socket, over HTTP: every answer is an `Answer` as JSON, but for the two streams. */
export function createApi(options: ApiOptions) {
  const { dispatcher, team, limits } = options;

  async function login({ request, response, entrance }: Call): Promise<unknown> {
    const address = request.socket.remoteAddress ?? "unknown";
    const caller = { address, line: entrance };
    refuseToWait(response, await limits.login(caller), "attempts");
    const { token, name } = parsed(loginRequest, await jsonBody(request));
    const userAgent = request.headers["user-agent"] ?? "";
    const browser = { ...caller, userAgent, ...(name === undefined ? {} : { name }) };
    const outcome = await team.redeem(token, browser);
    await limits.loginSucceeded(caller);
    if ("nameWanted" in outcome) return { kind: "name-wanted", role: outcome.nameWanted };
    const { cookie, header, actor } = outcome;
    setCookie(response, entrance, { value: cookie, maxAgeS: absoluteLimitMs / 1000 });
    return { kind: "signed-in", token: header, name: actor.name, role: actor.role };
  }

  function setCookie(
    response: ServerResponse,
    { cookieName, kind }: Entrance,
    cookie: { value: string; maxAgeS: number },
  ): void {
    const line = cookieLine(cookieName, cookie.value, { maxAgeS: cookie.maxAgeS, secure: kind === "tls" });
    response.setHeader("set-cookie", line);
  }

  async function command({ request, response, visitor }: KnownCall): Promise<unknown> {
    refuseToWait(response, await limits.command(visitor), "commands");
    return dispatcher.command(await jsonBody(request), visitor.actor);
  }

  const handlers: Record<Exclude<RoutePath, "/api/login">, (call: KnownCall) => Promise<unknown>> = {
    "/api/commands": command,
    async "/api/logout"({ response, visitor, entrance }) {
      await team.signOut(visitor);
      setCookie(response, entrance, { value: "", maxAgeS: 0 });
      return null;
    },
    "/api/renew": async ({ visitor }) => ({ token: await team.renewHeader(visitor) }),
    async "/api/leave"({ request, visitor }) {
      if (visitor.credential !== null)
        throw new ProblemError("forbidden", "Only a command on this machine may do this.");
      options.leave(parsed(leaveBody, await jsonBody(request)).why);
      return null;
    },
    "/api/events": (call) => streamEvents(call, options.application),
    "/api/log": (call) => streamLog(call, options.logs),
    "/api/audit.jsonl": (call) => sendAudit(call, options.wholeAudit),
  };

  async function answer(route: Route, call: Call): Promise<void> {
    const value = await valueFor(route, call);
    // The streams answer by themselves.
    if (!call.response.headersSent) sendJson(call.response, value);
  }

  async function valueFor(route: Route, call: Call): Promise<unknown> {
    const { visitor } = call;
    if (route.least === null) return login(call);
    if (!visitor) throw new ProblemError("unauthenticated", "You are not signed in.");
    refuseToWait(call.response, await limits.turn(visitor), "requests at once");
    // Who hung up while they waited would never close again what is opened for them now.
    if (call.response.closed) return undefined;
    const name = route.path.slice("/api/".length);
    if (isRead(name)) return dispatcher.read(name, Object.fromEntries(call.query), visitor.actor);
    const why = whyNot(visitor.actor, { role: route.least, right: null });
    if (why !== null) {
      const refused = { action: route.path, target: "", outcome: "refused", detail: why };
      await team.audit({ ...signature(visitor.actor), ...refused });
      throw new ProblemError("forbidden", why, "Ask an owner.");
    }
    if (route.purpose === "read") {
      const giveBack = limits.hold(visitor);
      if (!giveBack)
        throw new ProblemError(
          "too-many",
          `At most ${most.streams} logs and streams at once are one person's.`,
        );
      call.response.once("close", giveBack);
      endWithVisitor({ ...call, visitor, least: route.least }, options);
    }
    return handlers[route.path as keyof typeof handlers]({ ...call, visitor });
  }

  /** Takes a request that the gate let in. */
  return function handle(request: IncomingMessage, response: ServerResponse, admission: Admission): void {
    const route = findRoute(request.method ?? "", admission.path);
    if (!route) {
      const isKnown = isRoutePath(admission.path);
      const message = isKnown ? "This address does not take that method." : "There is no such address.";
      const { problem } = new ProblemError("not-found", message);
      refuse(response, { problem, status: isKnown ? 405 : 404 });
      return;
    }
    const query = new URL(request.url ?? "/", "http://server").searchParams;
    const { visitor, entrance } = admission;
    const call = { request, response, query, visitor, entrance };
    answer(route, call).catch((error: unknown) => {
      // Whoever sent too much is not listened to any longer.
      if (!request.complete && !response.headersSent) response.setHeader("connection", "close");
      refuse(response, refusalOf(answerOf(error, options.onError).problem));
    });
  };
}

/** Tells who asks too often when to try again. */
function refuseToWait(response: ServerResponse, wait: number | null, what: string): void {
  if (wait === null) return;
  response.setHeader("retry-after", wait);
  throw new ProblemError("too-many", `Too many ${what}; try again in ${wait} s.`);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify({ ok: true, value: value ?? null }));
}
