import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Server as SecureServer } from "node:https";
import { createServer as createSecureServer } from "node:https";
import type { Duplex } from "node:stream";
import { findRoute } from "#server/api/routes.ts";
import type { Sockets } from "#server/socket/sockets.ts";
import { socketPath } from "#server/socket/sockets.ts";
import type { Admission, Gate, Purpose } from "./gate.ts";
import { createPagePolicy } from "./page-policy.ts";
import type { Refusal } from "./refusal.ts";
import { refusal, refuse, refuseUpgrade } from "./refusal.ts";

/** Serves the pages; knows nothing of who asks. */
export interface Pages {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** The development build's own socket; null otherwise. */
  upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
}

export interface DoorOptions {
  /** Null until the port, and so our own names, are known. */
  readonly gate: () => Gate | null;
  readonly api: (request: IncomingMessage, response: ServerResponse, admission: Admission) => void;
  readonly sockets: Pick<Sockets, "request" | "upgrade">;
  /** Null where the server runs without pages. */
  readonly pages: Pages | null;
  readonly dev: boolean;
  /** PEM; null serves without TLS. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** Tells browsers to come over TLS alone. */
  readonly insist: boolean;
  readonly onError: (error: unknown) => void;
}

const publicFile = /^\/(?:favicon\.ico|icon[A-Za-z0-9._-]*|_next\/static\/[A-Za-z0-9._~/@+()%-]+)$/;

/** What comes in by plain HTTP, by its address alone. What is not known needs a session like any page. */
export function purposeOf(method: string, path: string): Purpose {
  if (path.startsWith("/api/")) {
    const route = findRoute(method, path);
    return route?.purpose ?? (method === "GET" || method === "HEAD" ? "read" : "effect");
  }
  if (path === socketPath) return method === "GET" ? "handshake" : "polling";
  if (method !== "GET" && method !== "HEAD") return "effect";
  return path === "/login" || publicFile.test(path) ? "public" : "page";
}

/**
 * The one way in: every request and every upgrade passes the gate before anything looks at it. The answer carries the security
 * headers whatever comes of it.
 */
export function createDoor(options: DoorOptions): Server | SecureServer {
  const { api, sockets, pages, onError } = options;
  const setPolicy = createPagePolicy(options);

  async function request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outcome = await ask(request, purposeOf);
    setPolicy(request, response);
    if ("refusal" in outcome) turnAway(request, response, outcome.refusal);
    else if (outcome.admission.path.startsWith("/api/")) api(request, response, outcome.admission);
    else if (outcome.admission.path === socketPath) sockets.request(request, response, outcome.admission);
    else if (request.method !== "GET" && request.method !== "HEAD")
      refuse(response, refusal("invalid", "Pages are only read.", { status: 405 }));
    else if (pages) pages.request(request, response);
    else refuse(response, refusal("not-found", "This server runs without pages."));
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const outcome = await ask(request, () => "upgrade");
    if (socket.destroyed) return;
    if ("refusal" in outcome) refuseUpgrade(socket, outcome.refusal);
    else if (outcome.admission.path === socketPath) sockets.upgrade(request, socket, head, outcome.admission);
    else if (pages?.upgrade && outcome.admission.path.startsWith("/_next/"))
      pages.upgrade(request, socket, head);
    else refuseUpgrade(socket, refusal("not-found", "There is no socket at this address."));
  }

  async function ask(request: IncomingMessage, purpose: typeof purposeOf) {
    const gate = options.gate();
    return gate
      ? gate.admit(request, purpose)
      : { refusal: refusal("unavailable", "The server is starting.") };
  }

  const form = { requireHostHeader: true, maxHeaderSize: 16_384 };
  const server = options.certificate
    ? createSecureServer({ ...form, ...options.certificate, minVersion: "TLSv1.2" })
    : createServer(form);
  // A request that is not complete in this time is not one of ours; streams of answers are not meant.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.on("request", (message, response) => {
    request(message, response).catch((error: unknown) => {
      onError(error);
      refuse(response, refusal("internal", "Something went wrong inside the server."));
    });
  });
  server.on("upgrade", (message, socket, head) => {
    // Until somebody owns the socket a reset would be an uncaught error.
    const ignore = () => socket.destroy();
    socket.on("error", ignore);
    upgrade(message, socket, head).catch((error: unknown) => {
      onError(error);
      socket.destroy();
    });
  });
  return server;
}

/** Who is not signed in and asks for a page gets the way in; everybody else the refusal. */
function turnAway(request: IncomingMessage, response: ServerResponse, why: Refusal): void {
  const { method, headers, url = "" } = request;
  const isPage = !url.startsWith("/api/") && (headers["sec-fetch-mode"] ?? "navigate") === "navigate";
  if (
    why.status === 401 &&
    isPage &&
    (method === "GET" || method === "HEAD") &&
    !url.startsWith(socketPath)
  ) {
    response.writeHead(302, { location: "/login", "cache-control": "no-store" });
    response.end();
    return;
  }
  // The rest of a body that nobody wants is not waited for.
  if (!request.complete) response.setHeader("connection", "close");
  refuse(response, why);
}
