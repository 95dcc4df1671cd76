import { createHash } from "node:crypto";
import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogBytes, LogWindow } from "#lib/contract/wire.ts";
import type { Browser, ClientSocket, House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

const session = "session-bd-1-abc123";
const ref = { session, stream: "output" as const, step: 0 };
let house: House;
let owner: Browser;
let folder: string;
let file: string;

beforeEach(async () => {
  house = await openHouse();
  owner = await house.signIn();
  folder = path.join(house.logs, session);
  file = path.join(folder, "output.log");
  await mkdir(folder);
});
afterEach(() => house.close());

/** Deterministic numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const line = (index: number) => `${index} naïve 🙂 ${"x".repeat((index * 7) % 90)}\n`;
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join("");
const hash = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

async function open(socket: ClientSocket, offset: number | null, more: object = {}): Promise<LogWindow> {
  const answer = await ask(socket, "log:open", { ...ref, offset, ...more });
  if (!answer.ok) throw new Error(answer.problem.message);
  return answer.value as LogWindow;
}

/** Follows from an offset on until `size` bytes are there; answers the text from there and where it began. */
async function readUpTo(
  socket: ClientSocket,
  offset: number,
  size: number,
): Promise<{ from: number; text: string }> {
  const held: LogBytes[] = [];
  let wake = () => {};
  socket.on("log:bytes", (bytes) => {
    held.push(bytes);
    wake();
  });
  let window = await open(socket, offset, { follow: true });
  const from = window.offset;
  let { text, next } = window;
  while (next < window.size) {
    window = await open(socket, next, { follow: true });
    if (window.next === next) break;
    text += window.text;
    next = window.next;
  }
  while (next < size) {
    const bytes = held.shift();
    if (!bytes) {
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    if (bytes.next <= next) continue;
    expect(bytes.offset).toBe(next);
    text += bytes.text;
    next = bytes.next;
  }
  socket.removeAllListeners("log:bytes");
  return { from, text };
}

describe("logs", () => {
  test("[L10] twenty followers of a growing 10 MB file each get every byte, also when they come back in between", async () => {
    const seed = 20260103;
    const random = seeded(seed);
    const first = lines(0, 40_000);
    const second = lines(40_000, 160_000);
    const whole = Buffer.from(first + second);
    expect(whole.length).toBeGreaterThan(9_000_000);
    await writeFile(file, first);
    const readers = Array.from({ length: 20 }, async (_, index) => {
      const reader = await house.signIn();
      const socket = await house.connect(reader, { transport: index % 5 === 0 ? "polling" : "websocket" });
      const begin = Math.floor(random() * first.length);
      const stop = begin + Math.floor(random() * (whole.length - begin));
      const before = await readUpTo(socket, begin, stop);
      socket.disconnect();
      const end = before.from + Buffer.byteLength(before.text);
      const after = await readUpTo(await house.connect(reader), end, whole.length);
      expect(after.from).toBe(end);
      expect([seed, index, hash(before.text + after.text)]).toEqual([
        seed,
        index,
        hash(whole.subarray(before.from)),
      ]);
    });
    const writer = async () => {
      // Cut anywhere, in the middle of characters too.
      const rest = Buffer.from(second);
      for (let at = 0; at < rest.length; at += 100_000)
        await appendFile(file, rest.subarray(at, at + 100_000));
    };
    await Promise.all([writer(), ...readers]);
  });

  test("[L11] a log that does not exist yet is followed from its first byte", async () => {
    const socket = await house.connect(owner);
    const arrived = new Promise<LogBytes>((resolve) => socket.once("log:bytes", resolve));
    expect(await open(socket, null, { follow: true })).toMatchObject({ generation: 0, size: 0, text: "" });
    await writeFile(file, "first\n");
    expect(await arrived).toMatchObject({ offset: 0, text: "first\n", next: 6 });
  });

  test("[L12] a line without an end is shown when it stays so, and a character is never cut", async () => {
    await writeFile(file, "");
    const socket = await house.connect(owner);
    const texts: string[] = [];
    const done = new Promise<void>((resolve) =>
      socket.on("log:bytes", ({ text }) => {
        texts.push(text);
        if (texts.join("").endsWith("🙂 end\n")) resolve();
      }),
    );
    await open(socket, 0, { follow: true });
    const smile = Buffer.from("🙂");
    await appendFile(file, Buffer.concat([Buffer.from("prompt> "), smile.subarray(0, 2)]));
    while (texts.join("") !== "prompt> ")
      await new Promise<unknown>((resolve) => socket.once("log:bytes", resolve));
    await appendFile(file, Buffer.concat([smile.subarray(2), Buffer.from(" end\n")]));
    await done;
    expect(texts.join("")).toBe("prompt> 🙂 end\n");
  });

  test("[L13] a file that is cut or replaced gets another generation and is told from its beginning", async () => {
    await writeFile(file, lines(0, 100));
    const socket = await house.connect(owner);
    const { generation, next } = await open(socket, 0, { follow: true });
    const told = () => new Promise<LogBytes>((resolve) => socket.once("log:bytes", resolve));
    let arrived = told();
    await truncate(file, 0);
    await open(socket, next);
    await appendFile(file, "again\n");
    const cut = await arrived;
    expect(cut).toMatchObject({ offset: 0, text: "again\n" });
    expect(cut.generation).not.toBe(generation);
    arrived = told();
    await writeFile(`${file}.new`, "another\n");
    await rename(`${file}.new`, file);
    const replaced = await arrived;
    expect(replaced).toMatchObject({ offset: 0, text: "another\n" });
    expect(replaced.generation).not.toBe(cut.generation);
  });

  test("[L14] a link, a folder or a pipe in the place of a log is not read", async () => {
    const secret = path.join(house.home, "run", "cli-token");
    const socket = await house.connect(owner);
    await symlink(secret, file);
    await expect(open(socket, 0)).rejects.toThrow("not a plain file");
    await mkdir(path.join(folder, "steps"));
    await symlink(path.join(house.home, "run"), path.join(folder, "steps", "001"));
    await symlink(secret, path.join(house.home, "run", "stderr.log"));
    await expect(open(socket, 0, { stream: "stderr", step: 1 })).rejects.toThrow("not a plain file");
    await mkdir(path.join(folder, "steps", "002"));
    await mkdir(path.join(folder, "steps", "002", "stderr.log"));
    await expect(open(socket, 0, { stream: "stderr", step: 2 })).rejects.toThrow("not a plain file");
  });

  test("[L15] who does not read is held up alone, and nothing of the log waits for it in memory", async () => {
    await writeFile(file, "");
    const slow = await house.connect(owner);
    const fast = await house.connect(await house.signIn());
    await open(slow, 0, { follow: true });
    const underlying = slow.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
    underlying.ws.pause();
    const part = "y".repeat(99) + "\n";
    const size = 60_000_000;
    const reading = readUpTo(fast, 0, size);
    const before = process.memoryUsage().rss;
    for (let at = 0; at < size; at += 1_000_000) await appendFile(file, part.repeat(10_000));
    expect(Buffer.byteLength((await reading).text)).toBe(size);
    // The fast reader's own copy of the text is in this process too; what the slow one missed is not there again.
    expect(process.memoryUsage().rss - before).toBeLessThan(6 * size);
    let next = 0;
    const caughtUp = new Promise<void>((resolve) =>
      slow.on("log:bytes", (bytes) => {
        expect(bytes.offset).toBe(next);
        next = bytes.next;
        if (next === size) resolve();
      }),
    );
    underlying.ws.resume();
    await caughtUp;
  });

  test("[L16] the command line gets the same bytes as a stream, redacted in place", async () => {
    const secret = "ghp_abcdefghijklmnopqrst";
    await writeFile(file, `${lines(0, 5000)}token ${secret}\n`);
    const query = new URLSearchParams({ session, stream: "output", step: "0", offset: "0", follow: "true" });
    const response = await fetch(`${house.url}/api/log?${query.toString()}`, {
      headers: await house.bearer(),
    });
    const expected = `${lines(0, 5000)}token ${"*".repeat(secret.length)}\nlater\n`;
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.endsWith("*\n")) await appendFile(file, "later\n");
      if (text.length >= expected.length) break;
    }
    expect(text).toBe(expected);
  });

  test("[L17] the command line is told where a log was cut, removed or replaced, and gets what follows", async () => {
    await writeFile(file, "first\n");
    const query = new URLSearchParams({ session, stream: "output", step: "0", offset: "0", follow: "true" });
    const response = await fetch(`${house.url}/api/log?${query.toString()}`, {
      headers: await house.bearer(),
    });
    const damages = [
      async () => {
        await truncate(file, 0);
        await open(await house.connect(owner), 0);
        await appendFile(file, "after a cut\n");
      },
      async () => {
        await writeFile(`${file}.new`, "after a replacement\n");
        await rename(`${file}.new`, file);
      },
      async () => {
        await rm(file);
        await writeFile(file, "after a removal\n");
      },
    ];
    const gap = "\n— the log was cut or replaced; it goes on from its beginning —\n";
    const expected = ["first\n", "after a cut\n", "after a replacement\n", "after a removal\n"].join(gap);
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      expect(expected.startsWith(text)).toBe(true);
      if (text === expected) break;
      if (/(first|after a \w+)\n$/.test(text)) await damages.shift()?.();
    }
    expect(text).toBe(expected);
  });
});
