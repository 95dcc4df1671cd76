import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { presenceSchema } from "#lib/contract/runner.ts";
import type { House } from "./fixtures/house.ts";
import { createTurnedClock, openHouse } from "./fixtures/house.ts";
import { PortTakenError } from "./listen.ts";
import { ServerIsRunningError } from "./take-place.ts";

let house: House;
afterEach(() => house.close());

describe("one server for a data folder", () => {
  test("[W30] folder, token and presence are the person's own, and the presence says where it listens", async () => {
    house = await openHouse();
    const run = path.join(house.home, "run");
    expect((await stat(house.home)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(run, "cli-token"))).mode & 0o777).toBe(0o600);
    const presence = presenceSchema.parse(JSON.parse(await readFile(path.join(run, "server.json"), "utf8")));
    expect(presence).toMatchObject({ pid: process.pid, url: house.url, socket: null });
  });

  test("[W31] a second server refuses and names the first one's pid and address", async () => {
    house = await openHouse();
    const refused = await house.start().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ServerIsRunningError);
    expect(refused).toMatchObject({ pid: process.pid, url: house.url });
  });

  test("[W32] a server in the foreground takes over from one in the background, under a new token", async () => {
    house = await openHouse({ background: true });
    const before = await house.bearer();
    const first = house.server;
    const second = await house.start({ background: false });
    await first.ended;
    const reply = await fetch(`${second.url}/api/me`, { headers: before });
    expect(reply.status).toBe(401);
    expect((await fetch(`${second.url}/api/me`, { headers: await house.bearer() })).status).toBe(200);
    await second.stop();
  });

  test("[W33] an explicit port that is taken is an error and leaves the data folder free", async () => {
    house = await openHouse();
    await house.server.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    await expect(house.start({ port })).rejects.toBeInstanceOf(PortTakenError);
    other.close();
    const again = await house.start();
    await again.stop();
  });

  test("[W34] a server in the background ends after 30 idle minutes, and not while anything is open", async () => {
    const clock = createTurnedClock();
    house = await openHouse({ background: true, clock });
    house.setIdle(false);
    await clock.advance(40 * 60_000);
    expect((await house.send({ path: "/api/me", headers: await house.bearer() })).status).toBe(200);
    house.setIdle(true);
    await clock.advance(29 * 60_000);
    expect((await house.send({ path: "/api/me", headers: await house.bearer() })).status).toBe(200);
    await clock.advance(32 * 60_000);
    await house.server.ended;
  });

  test("[W35] `leave` needs the machine's own token; the owner's browser may not end the server", async () => {
    house = await openHouse();
    const { cookie, token } = await house.signIn();
    const headers = { cookie, "x-amplify-token": token, origin: house.url };
    const refused = await house.send({ method: "POST", path: "/api/leave", headers, body: {} });
    expect(refused.status).toBe(403);
    const reply = await house.send({
      method: "POST",
      path: "/api/leave",
      headers: await house.bearer(),
      body: {},
    });
    expect(reply.json).toEqual({ ok: true, value: null });
    await house.server.ended;
    await expect(stat(path.join(house.home, "run", "server.json"))).rejects.toThrow("ENOENT");
  });
});
