import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { runnerVersion, toRunnerSchema, type FromRunner, type ToRunner } from "#lib/contract/runner.ts";

const lineLimit = 64 << 10;
/** A client that reads this little is let go; it looks into the files when it comes back. */
const backlogLimitBytes = 1 << 20;

/** The runner's Unix socket: who may open it is decided by the file system, mode 0600 in a folder of mode 0700. */
export interface Door {
  readonly clients: number;
  tell(message: FromRunner): void;
  close(): Promise<void>;
}

/** `heard` is called with every message that fits the contract; others end their connection. */
export async function openDoor(
  path: string,
  heard: (message: ToRunner) => void,
  changed: () => void,
): Promise<Door> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    changed();
    client.on("error", () => client.destroy());
    client.on("close", () => {
      clients.delete(client);
      changed();
    });
    send(client, { kind: "hello", version: runnerVersion, pid: process.pid });
    listen(client, heard);
  });
  // Only who holds the runner's lock comes here, so a socket that is there is a dead one's.
  rmSync(path, { force: true });
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
  await once(server, "listening");
  chmodSync(path, 0o600);
  return {
    get clients() {
      return clients.size;
    },
    tell(message) {
      for (const client of clients) send(client, message);
    },
    async close() {
      for (const client of clients) client.destroy();
      server.close();
      await once(server, "close");
      rmSync(path, { force: true });
    },
  };
}

function listen(client: Socket, heard: (message: ToRunner) => void) {
  let length = 0;
  client.on("data", (bytes: Buffer) => {
    const end = bytes.lastIndexOf(10);
    length = end < 0 ? length + bytes.length : bytes.length - end - 1;
    if (length > lineLimit) client.destroy();
  });
  createInterface({ input: client, crlfDelay: Infinity })
    .on("line", (line) => {
      const message = parse(line);
      if (message) heard(message);
      else client.destroy();
    })
    .on("error", () => client.destroy());
}

function parse(line: string): ToRunner | null {
  try {
    return toRunnerSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function send(client: Socket, message: FromRunner) {
  if (client.writableLength > backlogLimitBytes) client.destroy();
  else client.write(`${JSON.stringify(message)}\n`);
}
