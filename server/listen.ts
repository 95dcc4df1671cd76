import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createAddresses } from "./gate/addresses.ts";
import type { Entrance } from "./gate/gate.ts";
import type { EntrancePlan } from "./lan/entrances.ts";

const firstPort = 4747;
const portsTried = 50;
/** How long answers that are under way may take when we leave. */
const farewellMs = 500;

export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly port: number;

  constructor(port: number) {
    super(`Port ${port} is taken.`);
    this.port = port;
  }
}

interface Opening {
  readonly plan: EntrancePlan;
  readonly door: Server;
}

/** Every entrance has the same port; the first one that is free at all of them where none is demanded. */
export async function listen(doors: readonly Opening[], explicit: number | null): Promise<number> {
  const candidates =
    explicit === null
      ? [...Array.from({ length: portsTried }, (_, index) => firstPort + index), 0]
      : [explicit];
  for (const candidate of candidates) {
    const port = await listenAtAll(doors, candidate);
    if (port !== null) return port;
  }
  throw new PortTakenError(explicit ?? firstPort);
}

async function listenAtAll(doors: readonly Opening[], candidate: number): Promise<number | null> {
  let port = candidate;
  const open: Server[] = [];
  for (const { door, plan } of doors) {
    const taken = await listenAt(door, plan.address, port);
    if (taken === null) {
      await Promise.all(open.map((each) => new Promise((resolve) => each.close(resolve))));
      return null;
    }
    port = taken;
    open.push(door);
  }
  return port;
}

/** The port, or null where it is taken. */
function listenAt(server: Server, host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Takes no more, says goodbye to the sockets, lets short answers end, and hangs up on the rest. */
export async function closeDoors(
  doors: readonly Server[],
  lines: ReadonlySet<Socket>,
  sayGoodbye: () => Promise<void>,
): Promise<void> {
  const closed = doors.map((door) => new Promise<void>((resolve) => door.close(() => resolve())));
  await sayGoodbye();
  for (const door of doors) door.closeIdleConnections();
  // Upgraded connections are no longer the server's own, so it would wait for them without an end.
  const timer = setTimeout(() => lines.forEach((line) => line.destroy()), farewellMs);
  await Promise.all(closed);
  clearTimeout(timer);
}

/** What the gate has to know of an entrance, once it listens at a port. */
export function entranceAt(plan: EntrancePlan, port: number, instance: string): Entrance {
  const { names, isLoopback } = plan;
  const isSecure = plan.certificate !== null;
  const kind = isLoopback ? "machine" : isSecure ? "tls" : "plain";
  return {
    addresses: createAddresses({ port, scheme: isSecure ? "https" : "http", names }),
    kind,
    cookieName: `${isSecure ? "__Host-" : ""}amplify_${instance}`,
  };
}

/** Without a trailing slash. */
export function urlOf({ names, certificate }: EntrancePlan, port: number): string {
  const { protocol, host } = new URL(`${certificate ? "https" : "http"}://${names[0] ?? ""}:${port}`);
  return `${protocol}//${host}`;
}
