import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply } from "./reply.ts";
import { send } from "./reply.ts";
import type { Turn } from "./turn.ts";
import { readTurn } from "./turn.ts";

/** Plays the model: what it answers to one request. `turns` are all requests before this one. */
export type Script = (turn: Turn, turns: readonly Turn[]) => Reply | Promise<Reply>;

export interface MessagesApi {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly Turn[];
  /** Paths that were asked for and that this stand-in does not have. */
  readonly strays: readonly string[];
  /** What went wrong in the script itself; a test that ends well asserts that it is empty. */
  readonly problems: readonly Error[];
  close(): Promise<void>;
}

export interface MessagesApiOptions {
  readonly script: Script;
  /** Called with each request before it is answered. */
  readonly onRequest?: (turn: Turn) => void;
}

/** A scriptable stand-in of the Messages API on loopback: `POST /v1/messages`, streaming. */
export async function startMessagesApi({ script, onRequest }: MessagesApiOptions): Promise<MessagesApi> {
  const requests: Turn[] = [];
  const strays: string[] = [];
  const problems: Error[] = [];

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://loopback").pathname;
    if (request.method !== "POST" || path !== "/v1/messages") {
      strays.push(`${request.method ?? ""} ${path}`);
      response.writeHead(404).end();
      return;
    }
    const answer = async () => {
      const turn = readTurn(await bodyOf(request));
      const before = [...requests];
      requests.push(turn);
      onRequest?.(turn);
      await send(response, await script(turn, before), turn.model);
    };
    answer().catch((error: unknown) => {
      problems.push(error instanceof Error ? error : new Error(String(error)));
      if (!response.headersSent) response.writeHead(400, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          type: "error",
          error: { type: "invalid_request_error", message: `stand-in: ${String(error)}` },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    strays,
    problems,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
