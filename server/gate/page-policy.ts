import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";

const nonces = new WeakMap<ServerResponse, string>();

/**
 * Sets the security headers of every answer, with a nonce of its own, and puts the policy into the request too: that is where
 * Next looks for the nonce. `dev` allows what the development build needs; `insist` tells browsers to come over TLS alone from
 * now on, which only a certificate that they trust may do.
 */
export function createPagePolicy({
  dev,
  insist,
}: {
  dev: boolean;
  insist: boolean;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const nonceOf = (_request: IncomingMessage, response: ServerResponse) =>
    `'nonce-${nonces.get(response) ?? ""}'`;
  // Safari does not take 'self' for sockets. The gate has let through only hosts that are ours.
  const socketOf = (request: IncomingMessage) => `ws://${request.headers.host ?? ""}`;
  const secureSocketOf = (request: IncomingMessage) => `wss://${request.headers.host ?? ""}`;
  const policy = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: [nonceOf, "'strict-dynamic'", ...(dev ? ["'unsafe-eval'"] : [])],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", socketOf, secureSocketOf],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: "no-referrer" },
    frameguard: { action: "deny" },
    strictTransportSecurity: insist ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  return (request, response) => {
    nonces.set(response, randomBytes(16).toString("base64"));
    policy(request, response, (error?: unknown) => {
      if (error instanceof Error) throw error;
    });
    const header = response.getHeader("content-security-policy");
    if (typeof header === "string") request.headers["content-security-policy"] = header;
  };
}
