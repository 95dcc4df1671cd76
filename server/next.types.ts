import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * What we use of Next, for the compiler only (`paths` in tsconfig.json). Next's own types make `NODE_ENV` a
 * required variable of every environment, which would let no child process have a scrubbed one.
 */
declare function next(options: { dir: string; dev: boolean; customServer: true; quiet: boolean }): {
  prepare(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  getUpgradeHandler(): (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  close(): Promise<void>;
};
export default next;
