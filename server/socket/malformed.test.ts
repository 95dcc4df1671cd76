import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wireVersion } from "#lib/contract/version.ts";
import type { Browser, House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

let house: House;
let owner: Browser;
beforeAll(async () => {
  house = await openHouse();
  owner = await house.signIn("owner");
});
afterAll(() => house.close());

/** Every commit sends these; `AMPLIFY_FULL=1` a hundred times as many. */
const packets = process.env["AMPLIFY_FULL"] ? 1_000_000 : 10_000;

/** A masked frame, as a browser sends it; `opcode` 1 is text, 2 is bytes. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0))]);
}

/** A line that the gate let in and whose socket is signed in; what comes back is thrown away. */
function openLine(): Promise<net.Socket> {
  const token = JSON.stringify({ token: owner.token, version: wireVersion });
  return new Promise((resolve, reject) => {
    const line = net.connect(house.port, "127.0.0.1", () => {
      const lines = [
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
        `Host: ${house.host}`,
        `Origin: ${house.url}`,
        `Cookie: ${owner.cookie}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      ];
      line.write(`${lines.join("\r\n")}\r\n\r\n`);
    });
    let text = "";
    const take = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.includes("101 Switching") && !text.includes('"sid"')) return;
      if (text.includes('"sid"') && !text.includes("40{")) line.write(frame(1, Buffer.from(`40${token}`)));
      if (!text.includes("40{")) return;
      line.off("data", take);
      line.resume();
      resolve(line);
    };
    line.on("data", take);
    line.on("error", reject);
    line.on("close", () => reject(new Error(`The line was closed: ${text.slice(0, 100)}`)));
  });
}

const commandLike = fc.record({
  name: fc.oneof(fc.constantFrom("session:dispatch", "merge:start", "constructor", "__proto__"), fc.string()),
  key: fc.oneof(fc.constant("00000000-bad"), fc.string()),
  input: fc.anything(),
});
const event = fc.constantFrom(
  "command",
  "read",
  "follow",
  "log:open",
  "log:close",
  "connect",
  "disconnect",
  "error",
  "",
);
const packet = fc.oneof(
  fc.string().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.json())
    .map(([a, b, json]) => Buffer.from(`${String(a)}${String(b)}${json}`)),
  // Attachments that never come, and more of them than anybody would send.
  fc
    .tuple(fc.constantFrom("45", "46"), fc.integer({ min: 0, max: 2 ** 31 }))
    .map(([kind, count]) =>
      Buffer.from(`${kind}${String(count)}-["command",{"_placeholder":true,"num":${String(count)}}]`),
    ),
  fc
    .tuple(event, fc.oneof(commandLike, fc.anything()))
    .map(([name, body]) => Buffer.from(`42${safe([name, body])}`)),
  fc
    .tuple(event, fc.anything(), fc.integer())
    .map(([name, body, id]) => Buffer.from(`42${String(id)}${safe([name, body])}`)),
  fc.integer({ min: 1, max: 5000 }).map((depth) => Buffer.from(`42["read",${"[".repeat(depth)}`)),
);

function safe(value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text ?? "null";
  } catch {
    return "null";
  }
}

test(
  `[W42] ${String(packets)} malformed packets end no server, have no effect, and cause no error inside`,
  { timeout: packets * 20 },
  async () => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
    console.log(`Seed of the packets: ${String(seed)} (repeat with SEED=…)`);
    let sent = 0;
    let round = 0;
    while (sent < packets) {
      const line = await openLine();
      const closed = new Promise<void>((resolve) => line.once("close", () => resolve()));
      line.on("error", () => undefined);
      // One bad packet closes its line, so each line gets a handful.
      const batch = fc.sample(packet, { seed: seed + round, numRuns: 25 });
      for (const payload of batch) line.write(frame(round % 5 === 0 ? 2 : 1, payload.subarray(0, 60_000)));
      sent += batch.length;
      round += 1;
      line.end();
      await closed;
    }
    const socket = await house.connect(owner);
    expect(await ask(socket, "read", { name: "me", input: {} })).toMatchObject({ ok: true });
    expect(house.inside.effects.filter(({ key }) => key !== "00000000-bad")).toEqual([]);
    const log = await readFile(path.join(house.home, "logs", "server.log"), "utf8");
    expect(log.split("\n").filter((line) => line.includes('"level":"error"'))).toEqual([]);
  },
);
