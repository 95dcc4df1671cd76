import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Presence, ToRunner } from "#lib/contract/runner.ts";
import { runnerVersion, toRunnerSchema } from "#lib/contract/runner.ts";
import { parseSessionId } from "#lib/domain/ids.ts";
import { createManualClock } from "../../e2e/fixtures/manual-clock.ts";
import { createRunnerLink, type RunnerLink } from "./runner-link.ts";

/** A runner's end of the line: a real socket that keeps what it is told. */
async function listen(path: string, hello: { version: number; pid: number }) {
  const waiting: ((message: ToRunner) => void)[] = [];
  const told: ToRunner[] = [];
  let line: Socket | null = null;
  const server: Server = createServer((socket) => {
    line = socket;
    socket.on("error", () => undefined);
    socket.write(`${JSON.stringify({ kind: "hello", ...hello })}\n`);
    createInterface({ input: socket }).on("line", (text) => {
      const message = toRunnerSchema.parse(JSON.parse(text));
      const next = waiting.shift();
      if (next) next(message);
      else told.push(message);
    });
  });
  await new Promise<void>((done) => server.listen(path, done));
  return {
    next: () => {
      const message = told.shift();
      return message ? Promise.resolve(message) : new Promise<ToRunner>((resolve) => waiting.push(resolve));
    },
    say: (text: string) => line?.write(`${text}\n`),
    close: () =>
      new Promise<void>((done) => {
        line?.destroy();
        server.close(() => done());
      }),
  };
}

describe("the line to the runner", () => {
  let folder = "";
  let link: RunnerLink | null = null;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "amplify-link-"));
  });
  afterEach(async () => {
    link?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const clock = createManualClock();
  const presenceAt = (socket: string, pid: number): Presence => ({
    version: runnerVersion,
    pid,
    startTicks: "1",
    bootId: "b",
    startedAt: "2026-01-01T00:00:00.000Z",
    socket,
    url: null,
  });
  const linkTo = (
    presence: () => Presence | null,
    isNeeded = () => true,
    command = { file: "true", args: [] as string[] },
  ) => {
    link = createRunnerLink({
      clock,
      isNeeded,
      host: {
        presence: () => Promise.resolve(presence()),
        isAlive: () => Promise.resolve(true),
        isStopped: () => Promise.resolve(false),
        command,
        env: {},
      },
    });
    return link;
  };

  it("[D21] a ring that came before the hello is sent after it, and news comes in", async () => {
    const socket = join(folder, "r.sock");
    const runner = await listen(socket, { version: runnerVersion, pid: 7 });
    const to = linkTo(() => presenceAt(socket, 7));
    const moved = new Promise((resolve) => to.onMoved(resolve));
    to.ring("/sessions/a");
    expect(await runner.next()).toEqual({ kind: "ring", directory: "/sessions/a" });
    expect(to.isConnected()).toBe(true);
    runner.say("not JSON");
    const session = parseSessionId("session-t-1-abc123");
    runner.say(JSON.stringify({ kind: "moved", session, directory: "/sessions/a", seq: 3 }));
    expect(await moved).toMatchObject({ session, seq: 3 });
    await runner.close();
  });

  it("[D22] a runner of another version is asked to leave, and the next one is found", async () => {
    const old = join(folder, "old.sock");
    const fresh = join(folder, "new.sock");
    const before = await listen(old, { version: runnerVersion + 1, pid: 7 });
    const after = await listen(fresh, { version: runnerVersion, pid: 8 });
    let presence = presenceAt(old, 7);
    const to = linkTo(() => presence);
    const connected = new Promise<void>((resolve) => to.onConnected(resolve));
    to.ring("/sessions/a");
    expect(await before.next()).toEqual({ kind: "leave" });
    presence = presenceAt(fresh, 8);
    await before.close();
    const pulse = setInterval(() => clock.advance(1000), 5);
    await connected;
    clearInterval(pulse);
    expect(await after.next()).toEqual({ kind: "ring", directory: "/sessions/a" });
    await after.close();
  });

  it("[V21] a ring that a runner took with it is told the next one, whether or not anything else needs one", async () => {
    const first = join(folder, "first.sock");
    const second = join(folder, "second.sock");
    const dying = await listen(first, { version: runnerVersion, pid: 7 });
    let presence = presenceAt(first, 7);
    const to = linkTo(
      () => presence,
      () => false,
    );
    const connected = new Promise<void>((resolve) => to.onConnected(resolve));
    to.ensure();
    await connected;
    to.ring("/sessions/a");
    to.ring("/sessions/b");
    expect(await dying.next()).toEqual({ kind: "ring", directory: "/sessions/a" });
    const moved = new Promise((resolve) => to.onMoved(resolve));
    const session = parseSessionId("session-t-1-abc123");
    dying.say(JSON.stringify({ kind: "moved", session, directory: "/sessions/a", seq: 3 }));
    await moved;
    const after = await listen(second, { version: runnerVersion, pid: 8 });
    presence = presenceAt(second, 8);
    await dying.close();
    const pulse = setInterval(() => clock.advance(1000), 5);
    expect(await after.next()).toEqual({ kind: "ring", directory: "/sessions/b" });
    clearInterval(pulse);
    await after.close();
  });

  it("[V16] a runner that dies as it comes up is started again at once", async () => {
    const starts = join(folder, "starts");
    await writeFile(starts, "");
    const began = clock.now().getTime();
    const to = linkTo(() => null, undefined, { file: "sh", args: ["-c", `echo >> '${starts}'`] });
    to.ensure();
    const pulse = setInterval(() => clock.advance(50), 5);
    while ((await readFile(starts, "utf8")).length < 3) await setImmediate();
    clearInterval(pulse);
    expect(clock.now().getTime() - began).toBeLessThan(5000);
  });
});
