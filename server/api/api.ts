import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { RoleName } from "#lib/contract/wire.ts";
import { roles } from "#lib/contract/wire.ts";
import type { Application } from "#server/application.ts";
import { ProblemError } from "#server/application.ts";
import { cookieLine } from "#server/gate/credentials.ts";
import type { Admission } from "#server/gate/gate.ts";
import type { Limits } from "#server/gate/limits.ts";
import { refusalOf, refuse } from "#server/gate/refusal.ts";
import type { Logs } from "#server/socket/logs.ts";
import { can } from "#server/team/can.ts";
import type { Team, Visitor } from "#server/team/team.ts";
import { absoluteLimitMs } from "#server/team/team.ts";
import { answerOf } from "./answer.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { isRead, parsed } from "./dispatcher.ts";
import { streamEvents } from "./event-stream.ts";
import { jsonBody } from "./json-body.ts";
import { streamLog } from "./log-stream.ts";
import type { Route, RoutePath } from "./routes.ts";
import { findRoute, isRoutePath } from "./routes.ts";

export interface ApiOptions {
  readonly application: Application;
  readonly dispatcher: Dispatcher;
  readonly team: Team;
  readonly limits: Limits;
  readonly logs: Logs;
  readonly cookieName: string;
  readonly secure: boolean;
  /** The server's own address as links have it, without a trailing slash. */
  readonly url: () => string;
  /** Ends the server after the answer; throws where it must not. */
  readonly leave: (why: "stop" | "take-over") => void;
  readonly onError: (error: unknown) => void;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly visitor: Visitor;
}

const loginBody = z.object({ token: z.string().max(200) });
/** Without `invite` the link is for the owner's own browsers. */
const linkBody = z.strictObject({
  invite: z.object({ name: z.string().trim().min(1).max(100), role: z.enum(roles) }).optional(),
});
const leaveBody = z.object({ why: z.enum(["stop", "take-over"]).default("stop") });
const revokeBody = z.object({ person: z.string().max(100) });
const nobody: Visitor = { actor: { name: "nobody", role: "viewer" }, login: null };

/** The same inside as the socket, over HTTP: every answer is an `Answer` as JSON, but for the two streams. */
export function createApi(options: ApiOptions) {
  const { dispatcher, team, limits } = options;

  async function login({ request, response }: Call): Promise<unknown> {
    const address = request.socket.remoteAddress ?? "unknown";
    const wait = await limits.login(address);
    if (wait !== null) {
      response.setHeader("retry-after", wait);
      throw new ProblemError("too-many", `Too many attempts; try again in ${wait} s.`);
    }
    const { token } = parsed(loginBody, await jsonBody(request));
    const userAgent = request.headers["user-agent"] ?? "";
    const { cookie, header, actor } = await team.redeem(token, { address, userAgent });
    await limits.loginSucceeded(address);
    setCookie(response, cookie, absoluteLimitMs / 1000);
    return { token: header, name: actor.name, role: actor.role };
  }

  function setCookie(response: ServerResponse, value: string, maxAgeS: number): void {
    const { cookieName, secure } = options;
    response.setHeader("set-cookie", cookieLine(cookieName, value, { maxAgeS, secure }));
  }

  async function command({ request, response, visitor }: Call): Promise<unknown> {
    const wait = await limits.command(visitor);
    if (wait !== null) {
      response.setHeader("retry-after", wait);
      throw new ProblemError("too-many", `Too many commands; try again in ${wait} s.`);
    }
    return dispatcher.command(await jsonBody(request), visitor.actor);
  }

  async function makeLink({ request, visitor }: Call): Promise<unknown> {
    const { invite } = parsed(linkBody, await jsonBody(request));
    const { token, expiresAt } = await team.makeLink(visitor.actor, invite);
    return { url: `${options.url()}/login#${token}`, expiresAt };
  }

  const handlers: Record<RoutePath, (call: Call) => Promise<unknown>> = {
    "/api/login": login,
    "/api/commands": command,
    "/api/links": makeLink,
    async "/api/logout"({ response, visitor }) {
      await team.signOut(visitor);
      setCookie(response, "", 0);
      return null;
    },
    "/api/renew": async ({ visitor }) => ({ token: await team.renewHeader(visitor) }),
    async "/api/leave"({ request, visitor }) {
      if (visitor.login !== null)
        throw new ProblemError("forbidden", "Only a command on this machine may do this.");
      options.leave(parsed(leaveBody, await jsonBody(request)).why);
      return null;
    },
    "/api/people": () => team.people(),
    async "/api/people/revoke"({ request, visitor }) {
      await team.revoke(parsed(revokeBody, await jsonBody(request)).person, visitor.actor);
      return null;
    },
    "/api/events": (call) => streamEvents(call, options.application),
    "/api/log": (call) => streamLog(call, options.logs),
  };

  async function answer(route: Route, call: Call): Promise<void> {
    requireRole(call.visitor, route.least);
    const name = route.path.slice("/api/".length);
    const value = isRead(name)
      ? await dispatcher.read(name, Object.fromEntries(call.query), call.visitor.actor)
      : await handlers[route.path as RoutePath](call);
    // The streams answer by themselves.
    if (!call.response.headersSent) sendJson(call.response, value);
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
    const call = { request, response, query, visitor: admission.visitor ?? nobody };
    answer(route, call).catch((error: unknown) => {
      // Whoever sent too much is not listened to any longer.
      if (!request.complete && !response.headersSent) response.setHeader("connection", "close");
      refuse(response, refusalOf(answerOf(error, options.onError).problem));
    });
  };
}

function requireRole(visitor: Visitor, least: RoleName | null): void {
  if (least === null || can(visitor.actor.role, least)) return;
  throw new ProblemError("forbidden", `This needs the role ${least}.`, "Ask the owner.");
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify({ ok: true, value: value ?? null }));
}
