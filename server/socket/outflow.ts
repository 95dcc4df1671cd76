import type { Socket } from "socket.io";

interface Packet {
  readonly data?: unknown;
}

/** Knows how much of what was sent to one socket still waits in this process. */
export interface Outflow {
  behindBytes(): number;
  /** Resolves when what waited was handed to the line, or the line is gone. */
  drained(): Promise<void>;
}

/**
 * socket.io queues without a bound for a client that does not read. `flush` and `packetCreate` are events of the engine's
 * connection: what was created waits until the transport is writable, and then all of it is handed over at once.
 */
export function watchOutflow(socket: Pick<Socket, "conn" | "connected" | "once" | "off">): Outflow {
  const { conn } = socket;
  let waiting = 0;
  let underWay = 0;
  conn.on("packetCreate", ({ data }: Packet) => {
    waiting += typeof data === "string" || Buffer.isBuffer(data) ? data.length : 0;
  });
  conn.on("flush", () => {
    underWay = waiting;
    waiting = 0;
  });
  return {
    behindBytes: () => waiting + (conn.transport.writable ? 0 : underWay),
    drained() {
      if (waiting === 0 || !socket.connected) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          conn.off("drain", done);
          socket.off("disconnect", done);
          resolve();
        };
        conn.once("drain", done);
        socket.once("disconnect", done);
      });
    },
  };
}
