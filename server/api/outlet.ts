import type { ServerResponse } from "node:http";
import { once } from "node:events";

/** A response that goes on: how much of it waits in this process, and when it goes on. */
export function createOutlet(response: ServerResponse): {
  isOpen: () => boolean;
  behindBytes: () => number;
  drained: () => Promise<void>;
} {
  const isOpen = () => !response.closed && !response.writableEnded;
  return {
    isOpen,
    behindBytes: () => response.writableLength,
    async drained() {
      if (!response.writableNeedDrain || !isOpen()) return;
      const over = new AbortController();
      const wait = { signal: over.signal };
      await Promise.race([once(response, "drain", wait), once(response, "close", wait)]).finally(() =>
        over.abort(),
      );
    },
  };
}
