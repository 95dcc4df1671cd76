import { afterEach, describe, expect, test } from "vitest";
import type { Browser, House } from "#server/fixtures/house.ts";
import { ask, createTurnedClock, openHouse } from "#server/fixtures/house.ts";
import { absoluteLimitMs, idleLimitMs } from "./login-limits.ts";
import { linkLifetimeMs } from "./team-commands.ts";

let house: House;
afterEach(() => house.close());

const statusOf = async (browser: Browser) =>
  (await house.send({ path: "/api/me", headers: house.headersOf(browser) })).status;

describe("signing in", () => {
  test("[T1] a link works once, also when twenty redeem it at the same time", async () => {
    house = await openHouse();
    const link = await house.server.link();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login#[A-Za-z0-9_-]{43}$/);
    // Four at a time, so that the limit on guesses does not answer for the link.
    const replies = await Promise.all(Array.from({ length: 4 }, () => house.redeem(link)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    const cookie = String(replies.find(({ status }) => status === 200)?.headers["set-cookie"]?.[0]);
    expect(cookie).toMatch(
      /^amplify_[0-9a-f]{16}=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/,
    );
  });

  test("[T2] a link lives ten minutes", async () => {
    house = await openHouse();
    const link = await house.server.link();
    await house.clock.advance(linkLifetimeMs);
    expect((await house.redeem(link)).status).toBe(401);
  });

  test("[T3] guessing is limited: after five wrong tokens in a minute nobody at that address signs in", async () => {
    house = await openHouse();
    const link = await house.server.link();
    const guesses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => house.redeem(`#${String(index).padStart(43, "A")}`)),
    );
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(95);
    const late = await house.redeem(link);
    expect([late.status, Number(late.headers["retry-after"]) > 0]).toEqual([429, true]);
  });

  test("[T4] a login ends after twelve idle hours, and after seven days however busy", async () => {
    house = await openHouse();
    const idle = await house.signIn();
    await house.clock.advance(idleLimitMs - 1000);
    expect(await statusOf(idle)).toBe(200);
    await house.clock.advance(idleLimitMs);
    expect(await statusOf(idle)).toBe(401);
    const busy = await house.signIn();
    for (let spent = 0; spent < absoluteLimitMs; spent += idleLimitMs / 2) {
      expect(await statusOf(busy)).toBe(200);
      await house.clock.advance(idleLimitMs / 2);
    }
    expect(await statusOf(busy)).toBe(401);
  });

  test("[T5] the cookie alone reads and does nothing, and cannot get itself a header token", async () => {
    house = await openHouse();
    const { cookie, token } = await house.signIn();
    expect(await statusOf({ cookie, token })).toBe(200);
    for (const path of ["/api/me", "/api/items", "/api/events", "/api/log", "/api/audit.jsonl"])
      expect((await house.send({ path, headers: { cookie } })).status).toBe(403);
    const forged = { cookie, origin: house.url, "sec-fetch-site": "same-origin" };
    for (const path of ["/api/renew", "/api/commands", "/api/logout"])
      expect((await house.send({ method: "POST", path, headers: forged, body: {} })).status).toBe(403);
    const socket = house.connect({ cookie, token: "" });
    await expect(socket).rejects.toThrow("lost its token");
  });

  test("[T6] a header token renews itself, and the old one is worth nothing then", async () => {
    house = await openHouse();
    const { cookie, token } = await house.signIn();
    const headers = { cookie, origin: house.url, "x-amplify-token": token };
    const reply = await house.send({ method: "POST", path: "/api/renew", headers, body: {} });
    const renewed = (reply.json.value as { token: string }).token;
    const body = { name: "team:link", key: "00000000-t6", input: {} };
    expect((await house.send({ method: "POST", path: "/api/commands", headers, body })).status).toBe(403);
    const fresh = { ...headers, "x-amplify-token": renewed };
    expect((await house.send({ method: "POST", path: "/api/commands", headers: fresh, body })).status).toBe(
      200,
    );
  });

  test("[T7] signing out and being revoked end every socket of the login within a second", async () => {
    house = await openHouse({ clock: createTurnedClock() });
    const viewer = await house.signIn("viewer");
    const socket = await house.connect(viewer);
    const bye = new Promise<string>((resolve) => socket.once("bye", resolve));
    const gone = new Promise<void>((resolve) => socket.once("disconnect", () => resolve()));
    const started = performance.now();
    await house.command("team:revoke", { person: "a viewer" });
    expect(await bye).toBe("You were signed out.");
    await gone;
    expect(performance.now() - started).toBeLessThan(1000);
    expect(await statusOf(viewer)).toBe(401);
    const owner = await house.signIn();
    const open = await house.connect(owner);
    const ended = new Promise<void>((resolve) => open.once("disconnect", () => resolve()));
    const headers = { cookie: owner.cookie, origin: house.url, "x-amplify-token": owner.token };
    const reply = await house.send({ method: "POST", path: "/api/logout", headers, body: {} });
    expect(reply.headers["set-cookie"]?.[0]).toContain("Max-Age=0");
    await ended;
  });

  test("[T8] a login that ended by time gets no more answers on its open socket", async () => {
    house = await openHouse();
    const socket = await house.connect(await house.signIn());
    await house.clock.advance(absoluteLimitMs);
    const gone = new Promise<void>((resolve) => socket.once("disconnect", () => resolve()));
    await Promise.race([ask(socket, "read", { name: "me", input: {} }).catch(() => undefined), gone]);
    await gone;
    expect(house.inside.reads.filter(({ name }) => name === "me")).toHaveLength(0);
  });
});
