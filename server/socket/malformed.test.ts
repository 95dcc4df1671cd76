import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wireVersion } from "#lib/contract/version.ts";
import { routes } from "#server/api/routes.ts";
import type { Browser, House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";
import { eventRoles } from "./conversation.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Every commit sends these; `AMPLIFY_FULL=1` a hundred times as many. */
const times = process.env["AMPLIFY_FULL"] ? 100 : 1;
const packets = 10_000 * times;
const lines = 500 * times;
const senders = 20;
const events = Object.keys(eventRoles) as (keyof typeof eventRoles)[];

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
function openLine(owner: Browser): Promise<net.Socket> {
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

const word = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "me", "session:dispatch"));
const commandLike = fc.record({
  name: fc.oneof(fc.constantFrom("session:dispatch", "merge:start"), word),
  key: fc.oneof(fc.constant("00000000-bad"), fc.string()),
  // Never an object, which may be all that a command wants.
  input: fc.anything().filter((input) => typeof input !== "object"),
});
const bodies = fc.oneof(
  commandLike,
  fc.record({ name: word, input: fc.anything() }),
  fc.record({ session: word, stream: word, step: fc.anything(), offset: fc.double(), follow: fc.anything() }),
  fc.record({ since: fc.anything() }),
  fc.record({ path: word, session: fc.anything(), question: word }),
  fc.anything(),
);

/** Packets that end their line, or might: the engine reads no other one behind them. */
const fatal = fc.oneof(
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
    .tuple(fc.constantFrom("connect", "disconnect", "error", "", "newListener"), bodies)
    .map(([name, body]) => Buffer.from(`42${safe([name, body])}`)),
  fc
    .tuple(fc.constantFrom(...events), bodies, fc.integer({ max: -1 }))
    .map(([name, body, id]) => Buffer.from(`42${String(id)}${safe([name, body])}`)),
  fc.integer({ min: 1, max: 5000 }).map((depth) => Buffer.from(`42["read",${"[".repeat(depth)}`)),
);
/** Well-formed events with a body that nothing wants; each asks to be answered. */
const answered = fc.tuple(fc.constantFrom(...events), bodies);

function safe(value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text ?? "null";
  } catch {
    return "null";
  }
}

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
console.log(`Seed of the packets: ${String(seed)} (repeat with SEED=…)`);

/** The server goes on, did nothing, and met nothing that it had not foreseen. */
async function expectUnharmed(): Promise<void> {
  const socket = await house.connect(await house.signIn("owner"));
  expect(await ask(socket, "read", { name: "me", input: {} })).toMatchObject({ ok: true });
  socket.close();
  expect(house.inside.effects).toEqual([]);
  const log = await readFile(path.join(house.home, "logs", "server.log"), "utf8");
  expect(log.split("\n").filter((line) => line.includes('"level":"error"'))).toEqual([]);
}

test(
  `[W42] ${String(lines)} lines that end in a malformed packet end no server, have no effect, and cause no error inside`,
  { timeout: lines * 100 },
  async () => {
    const owner = await house.signIn("owner");
    for (const [at, payload] of fc.sample(fatal, { seed, numRuns: lines }).entries()) {
      const line = await openLine(owner);
      const closed = new Promise<void>((resolve) => line.once("close", () => resolve()));
      line.on("error", () => undefined);
      line.write(frame(at % 5 === 0 ? 2 : 1, payload.subarray(0, 60_000)));
      line.end();
      await closed;
    }
    await expectUnharmed();
  },
);

test(
  `[W42] ${String(packets)} events with bodies that nothing wants are each read and answered, and nothing comes of them`,
  { timeout: packets * 20 },
  async () => {
    // Each person has turns of their own, so more of them send more at once.
    const people = await Promise.all(
      Array.from({ length: senders }, async (_, index) => {
        const visitor = await house.signIn(index === 0 ? "owner" : "operator", `sender ${String(index)}`);
        return house.connect(visitor);
      }),
    );
    const all = fc.sample(answered, { seed, numRuns: packets });
    const outcomes = new Map<string, number>();
    await Promise.all(
      people.map(async (socket, index) => {
        for (let at = index; at < all.length; at += senders) {
          const [event, body] = all[at]!;
          const answer = await ask(socket, event, JSON.parse(safe(body)));
          const outcome = answer.ok ? `${event} ok` : answer.problem.code;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      }),
    );
    console.log("Answers:", Object.fromEntries(outcomes));
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(packets);
    // They were read and judged; only of a hundred times as many are some commands too many.
    const unexpected = ["internal", "unavailable", ...(times === 1 ? ["too-many"] : [])];
    expect(unexpected.filter((code) => outcomes.has(code))).toEqual([]);
    expect(outcomes.has("command ok")).toBe(false);
    await expectUnharmed();
  },
);

test(`[W42] malformed bodies and queries over HTTP are refused on every route, with nothing thrown inside`, async () => {
  const owner = await house.signIn("owner");
  const shapes = fc.sample(fc.oneof(fc.json(), fc.string()), { seed, numRuns: 20 });
  // These take no words, end the login, or go on for ever.
  const others = ["/api/login", "/api/logout", "/api/renew", "/api/leave", "/api/events"];
  const statuses: (readonly [path: string, text: string, status: number])[] = [];
  for (const { method, path: where } of routes.filter((route) => !others.includes(route.path))) {
    const isPost = method === "POST";
    const ask = async (text: string) => {
      const query = isPost ? "" : `?${encodeURI(text)}&session=${encodeURIComponent(text)}`;
      const answer = await fetch(`${house.url}${where}${query}`, {
        method,
        headers: { ...house.headersOf(owner), ...(isPost ? { "content-type": "application/json" } : {}) },
        ...(isPost ? { body: text } : {}),
      });
      await answer.body?.cancel();
      return [where, text, answer.status] as const;
    };
    statuses.push(...(await Promise.all(shapes.map(ask))));
  }
  expect(statuses.filter(([, , status]) => status >= 500 || status === 429)).toEqual([]);
  expect(statuses.filter(([where, , status]) => where === "/api/commands" && status < 400)).toEqual([]);
  await expectUnharmed();
});
