import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Problem } from "#lib/contract/wire.ts";

/** Why a request does not come in. */
export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
}

const statusOf: Record<Problem["code"], number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  ambiguous: 409,
  conflict: 409,
  "too-large": 413,
  version: 426,
  "too-many": 429,
  internal: 500,
  unavailable: 503,
};

export function refusal(
  code: Problem["code"],
  message: string,
  options: { fix?: string; status?: number } = {},
): Refusal {
  return { status: options.status ?? statusOf[code], problem: { code, message, fix: options.fix ?? null } };
}

export function refusalOf(problem: Problem): Refusal {
  return { status: statusOf[problem.code], problem };
}

/** Answers with an `Answer` as JSON, unless an answer is under way already. */
export function refuse(response: ServerResponse, { status, problem }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify({ ok: false, problem }));
}

/** The same for an upgrade, which has no response yet. */
export function refuseUpgrade(socket: Duplex, { status, problem }: Refusal): void {
  const body = JSON.stringify({ ok: false, problem });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Connection: close",
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
