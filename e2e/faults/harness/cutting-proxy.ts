import { createServer, type IncomingMessage, request as ask } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A line to the server that breaks in the middle of whatever is sent. */
export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  readonly cuts: number;
}

/**
 * `next` says after how many bytes from the server a connection is to be cut, or null for never. Whoever
 * comes is let in with the machine's own token, as a signed-in browser would be.
 */
export async function createCuttingProxy(options: {
  readonly target: () => Promise<{ url: string; token: string }>;
  readonly next: () => number | null;
}): Promise<CuttingProxy> {
  const open = new Set<Duplex>();
  let cuts = 0;
  const headersFor = ({ headers }: IncomingMessage, url: string, token: string) => ({
    ...headers,
    host: new URL(url).host,
    authorization: `Bearer ${token}`,
  });

  const server = createServer((request, response) => {
    void options.target().then(({ url, token }) => {
      const headers = headersFor(request, url, token);
      const onward = ask(`${url}${request.url ?? "/"}`, { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    });
  });
  server.on("upgrade", (request, client) => {
    void options.target().then(({ url, token }) => {
      const { hostname, port } = new URL(url);
      const onward: Socket = connect(Number(port), hostname);
      const limit = options.next();
      let bytes = 0;
      const end = () => {
        open.delete(client);
        client.destroy();
        onward.destroy();
      };
      open.add(client);
      for (const line of [client, onward]) line.on("error", end).on("close", end);
      const headers = Object.entries(headersFor(request, url, token));
      onward.write(
        `GET ${request.url ?? "/"} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${String(value)}\r\n`).join("")}\r\n`,
      );
      client.pipe(onward);
      onward.on("data", (piece: Buffer) => {
        const left = limit === null ? piece.length : limit - bytes;
        bytes += piece.length;
        client.write(piece.subarray(0, Math.max(0, left)));
        if (left > piece.length || limit === null) return;
        cuts += 1;
        end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    async [Symbol.asyncDispose]() {
      for (const line of open) line.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
