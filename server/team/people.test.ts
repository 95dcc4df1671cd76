import { readFile } from "node:fs/promises";
import path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, test } from "vitest";
import type { CommandName, MeView, ReadOutput } from "#lib/contract/wire.ts";
import { parseRepositoryId } from "#lib/domain/ids.ts";
import type { Browser, House } from "#server/fixtures/house.ts";
import { ask, createTurnedClock, openHouse } from "#server/fixtures/house.ts";
import { most } from "#server/gate/limits.ts";
import { databaseFile } from "#server/store/database.ts";
import { freshLimitMs } from "./login-limits.ts";

let house: House;
afterEach(() => house.close());

const shop = parseRepositoryId("0123456789abcdef");
let keys = 0;
const as = (browser: Browser, name: CommandName, input: unknown) =>
  house.send({
    method: "POST",
    path: "/api/commands",
    headers: house.headersOf(browser),
    body: { name, key: `people-key-${String(++keys)}`, input },
  });
const team = async (browser?: Browser) => {
  const headers = browser ? house.headersOf(browser) : await house.bearer();
  return (await house.send({ path: "/api/team", headers })).json.value as ReadOutput<"team">;
};
const me = async (browser: Browser) =>
  (await house.send({ path: "/api/me", headers: house.headersOf(browser) })).json.value as MeView;
const audit = async (query = "") =>
  (
    (await house.send({ path: `/api/audit?${query}`, headers: await house.bearer() })).json
      .value as ReadOutput<"audit">
  ).entries;
const registerShop = () =>
  house.store.commit(
    {
      repository: {
        id: shop,
        name: "shop",
        root: "/shop",
        commonDir: "/shop/.git",
        base: "main",
        source: "backlog",
        instance: "00000000-0000-4000-8000-000000000000",
        addedAt: "2026-01-01T00:00:00.000Z",
        guard: null,
        removedAt: null,
      },
    },
    "2026-01-01T00:00:00.000Z",
  );

describe("invitations", () => {
  test("[T9] an invitation makes a person with that name and role, once, and never a second one of the same name", async () => {
    house = await openHouse();
    const cem = await house.signIn("operator", "Cem");
    expect(await me(cem)).toMatchObject({ name: "Cem", role: "operator", lands: [] });
    const again = await house.signIn("viewer", "cem");
    expect((await me(again)).name).toBe("cem 2");
    const { url, invitation } = await house.command("team:invite", { name: "Vera", role: "viewer" });
    await house.command("team:withdraw", { invitation: invitation.id });
    expect((await house.redeem(url)).status).toBe(401);
    for (const name of [
      "",
      "a\nb",
      "<b>x</b>",
      "x".repeat(61),
      "owner (loop)",
      "\u202eevil",
      "Ada\u3164",
      "A\u034fda",
    ])
      await expect(house.command("team:invite", { name, role: "viewer" })).rejects.toThrow("name");
  });

  test("[T10] a link for several is for viewers, asks each for a name, and ends when it is withdrawn", async () => {
    house = await openHouse();
    const order = { name: "Guests", role: "operator", reusable: true } as const;
    await expect(house.command("team:invite", order)).rejects.toThrow("viewer");
    const { url, invitation } = await house.command("team:invite", { ...order, role: "viewer", hours: 168 });
    expect((await house.redeem(url)).json.value).toEqual({ kind: "name-wanted", role: "viewer" });
    for (const name of ["Ada L", "Bo"])
      expect((await house.redeem(url, name)).json.value).toMatchObject({ kind: "signed-in", name });
    expect((await team()).invitations).toMatchObject([{ id: invitation.id, reusable: true, uses: 2 }]);
    await house.command("team:withdraw", { invitation: invitation.id });
    expect((await house.redeem(url, "Cy")).status).toBe(401);
  });

  test("[T11] what lets somebody in is told once and kept nowhere", async () => {
    house = await openHouse();
    const order = { name: "token:create", key: "00000000-secret", input: { name: "ci", role: "viewer" } };
    const send = async () =>
      house.send({ method: "POST", path: "/api/commands", headers: await house.bearer(), body: order });
    const { secret } = (await send()).json.value as { secret: string };
    expect((await send()).json.problem?.message).toContain("only once");
    const { url } = await house.command("team:invite", { name: "Vera", role: "viewer" });
    for (const file of ["amplify.db", "amplify.db-wal", "logs/server.log"]) {
      const bytes = await readFile(path.join(house.home, file));
      for (const kept of [secret, url.split("#")[1] ?? ""])
        expect([file, bytes.includes(kept)]).toEqual([file, false]);
    }
  });
});

describe("rights", () => {
  test("[T12] a change of role counts at once, on open sockets too, and the page is told", async () => {
    house = await openHouse();
    const cem = await house.signIn("operator", "Cem");
    const socket = await house.connect(cem);
    const told = new Promise<MeView>((resolve) => socket.once("me", resolve));
    await house.command("team:role", { person: "Cem", role: "viewer" });
    expect(await told).toMatchObject({ role: "viewer" });
    const order = { name: "session:dispatch", key: "00000000-role", input: { item: "bd-1" } };
    expect(await ask(socket, "command", order)).toMatchObject({ ok: false, problem: { code: "forbidden" } });
    expect((await as(cem, "session:dispatch", { item: "bd-1" })).status).toBe(403);
    const { refused } = await me(cem);
    expect(refused["session:dispatch"]).toBe("This needs the role operator, and you are viewer.");
    expect(refused["team:link"]).toBeUndefined();
    expect(house.inside.effects).toHaveLength(0);
  });

  test("[T13] an operator lands where it was granted and says why not elsewhere; the first owner stays owner", async () => {
    house = await openHouse();
    await registerShop();
    const cem = await house.signIn("operator", "Cem");
    expect((await me(cem)).refused["merge:start"]).toContain("an owner can grant it");
    expect((await as(cem, "merge:start", {})).status).toBe(403);
    expect((await as(cem, "team:grant", { person: "Cem", repository: shop, lands: true })).status).toBe(403);
    await house.command("team:grant", { person: "Cem", repository: shop, lands: true });
    expect(await me(cem)).toMatchObject({ lands: [shop] });
    expect((await as(cem, "merge:start", {})).status).toBe(200);
    await house.command("team:role", { person: "Cem", role: "viewer" });
    expect((await as(cem, "merge:start", {})).status).toBe(403);
    // What was granted to an operator is not there again by itself when they become one again.
    await house.command("team:role", { person: "Cem", role: "operator" });
    expect((await as(cem, "merge:start", {})).status).toBe(403);
    await house.command("team:role", { person: "Cem", role: "viewer" });
    await expect(
      house.command("team:grant", { person: "Cem", repository: shop, lands: true }),
    ).rejects.toThrow("viewer");
    for (const name of ["team:role", "team:revoke"] as const)
      await expect(house.command(name, { person: "owner", role: "viewer" } as never)).rejects.toThrow(
        "started",
      );
  });

  test("[T14] landing asks for a login that is not older than twelve hours, and a link of an old login makes no new one", async () => {
    const clock = createTurnedClock();
    house = await openHouse({ clock });
    const ada = await house.signIn("owner");
    for (let spent = 0; spent < freshLimitMs; spent += freshLimitMs / 3) {
      expect((await as(ada, "merge:start", {})).status).toBe(200);
      await clock.advance(freshLimitMs / 3);
    }
    expect((await as(ada, "merge:start", {})).json.problem?.message).toContain("12 hours");
    const { url } = (await as(ada, "team:link", {})).json.value as { url: string };
    const reply = await house.redeem(url);
    const second = {
      cookie: reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "",
      token: (reply.json.value as { token: string }).token,
    };
    expect((await as(second, "merge:start", {})).status).toBe(403);
    expect((await as(await house.signIn("owner"), "merge:start", {})).status).toBe(200);
  });
});

describe("asking too much", () => {
  test("[T24] whoever does so is told when to try again, on reads, streams and commands alike", async () => {
    house = await openHouse();
    const headers = house.headersOf(await house.signIn("viewer", "Vera"));
    const reads = await Promise.all(
      Array.from({ length: 400 }, () => house.send({ path: "/api/me", headers })),
    );
    const late = reads.filter(({ status }) => status === 429);
    expect(late.length).toBeGreaterThan(0);
    expect(new Set(late.map((reply) => reply.headers["retry-after"]))).toEqual(new Set(["1"]));
    expect(reads.filter(({ status }) => status !== 429 && status !== 200)).toEqual([]);
  });

  test("[T25] one person holds no more than so many streams and windows, and others are held up by neither", async () => {
    house = await openHouse();
    const vera = await house.signIn("viewer", "Vera");
    const headers = house.headersOf(vera);
    const hangUp = new AbortController();
    const open = () => fetch(`${house.url}/api/events`, { headers, signal: hangUp.signal });
    const streams = [];
    for (let index = 0; index < most.streams; index += 1) streams.push((await open()).status);
    expect(new Set(streams)).toEqual(new Set([200]));
    expect((await open()).status).toBe(429);
    const sockets = [];
    for (let index = 0; index < most.sockets; index += 1) sockets.push(await house.connect(vera));
    await expect(house.connect(vera)).rejects.toThrow("too many windows");
    await house.connect(await house.signIn("viewer", "Will"));
    sockets[0]?.close();
    hangUp.abort();
  });
});

describe("leaving", () => {
  test("[T15] whoever is revoked loses browsers, tokens, streams and the invitations they made, within a second", async () => {
    house = await openHouse();
    const { url } = await house.command("team:invite", { name: "Olga", role: "owner" });
    const reply = await house.redeem(url);
    const olga = {
      cookie: reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "",
      token: (reply.json.value as { token: string }).token,
    };
    const made = (await as(olga, "token:create", { name: "ci", role: "operator" })).json.value as {
      secret: string;
    };
    const invited = (await as(olga, "team:invite", { name: "Eve", role: "operator" })).json.value as {
      url: string;
    };
    const authorization = `Bearer ${made.secret}`;
    expect((await house.send({ path: "/api/me", headers: { authorization } })).json.value).toMatchObject({
      name: "Olga (ci)",
      role: "operator",
    });
    const socket = await house.connect(olga);
    const gone = new Promise<void>((resolve) => socket.once("disconnect", () => resolve()));
    const stream = await fetch(`${house.url}/api/events`, { headers: { authorization } });
    const ended = stream.text().catch(() => "cut");
    const began = performance.now();
    await house.command("team:revoke", { person: "Olga" });
    await Promise.all([gone, ended]);
    expect(performance.now() - began).toBeLessThan(1000);
    expect((await house.send({ path: "/api/me", headers: { authorization } })).status).toBe(401);
    expect((await house.send({ path: "/api/me", headers: house.headersOf(olga) })).status).toBe(401);
    expect((await house.redeem(invited.url)).status).toBe(401);
  });

  test("[T16] everybody signs out their own browsers, an owner those of others, and nobody learns of another's", async () => {
    house = await openHouse();
    const [cem, second, vera] = [
      await house.signIn("operator", "Cem"),
      await house.signIn("operator", "Dan"),
      await house.signIn("viewer", "Vera"),
    ];
    const { devices, people } = await team();
    expect((await team(cem)).devices).toHaveLength(1);
    expect((await team(cem)).invitations).toEqual([]);
    const dan = people.find(({ name }) => name === "Dan");
    const dans = devices.find(({ person }) => person === dan?.id)?.id;
    expect((await as(vera, "team:sign-out", { device: dans })).status).toBe(404);
    expect((await as(vera, "team:sign-out", { device: "0".repeat(16) })).status).toBe(404);
    expect((await as(vera, "team:sign-out", { person: "Cem" })).status).toBe(403);
    expect((await as(cem, "team:sign-out", {})).json.value).toEqual({ ended: 1 });
    expect((await house.send({ path: "/api/me", headers: house.headersOf(cem) })).status).toBe(401);
    expect(await house.command("team:sign-out", { person: "Dan" })).toEqual({ ended: 1 });
    expect((await house.send({ path: "/api/me", headers: house.headersOf(second) })).status).toBe(401);
  });

  test("[T21] a link to a further browser ends with the login that made it, and with every sign-out of its person", async () => {
    house = await openHouse();
    const linkOf = async (browser: Browser) =>
      ((await as(browser, "team:link", {})).json.value as { url: string }).url;
    const cem = await house.signIn("operator", "Cem");
    const left = await linkOf(cem);
    await as(cem, "team:sign-out", {});
    expect((await house.redeem(left)).status).toBe(401);
    const dan = await house.signIn("operator", "Dan");
    const ofDevice = await linkOf(dan);
    await house.command("team:sign-out", { device: (await me(dan)).device });
    expect((await house.redeem(ofDevice)).status).toBe(401);
    const eve = await house.signIn("operator", "Eve");
    const ofLogin = await linkOf(eve);
    const headers = house.headersOf(eve);
    await house.send({ method: "POST", path: "/api/logout", headers, body: {} });
    expect((await house.redeem(ofLogin)).status).toBe(401);
    // What others made goes on.
    const flo = await house.signIn("operator", "Flo");
    const kept = await linkOf(flo);
    await house.command("team:sign-out", { person: "owner" });
    expect((await house.redeem(kept)).status).toBe(200);
  });

  test("[T17] only the server's machine sets the owner's access back, and then every owner is out", async () => {
    house = await openHouse();
    const ada = await house.signIn("owner");
    const { secret } = await house.command("token:create", { name: "root", role: "owner" });
    const headers = { authorization: `Bearer ${secret}` };
    const body = { name: "owner:reset", key: "00000000-reset", input: {} };
    expect((await house.send({ method: "POST", path: "/api/commands", headers, body })).status).toBe(403);
    expect((await as(ada, "owner:reset", {})).status).toBe(403);
    const { url, ended } = await house.command("owner:reset", {});
    expect(ended).toBe(2);
    expect((await house.send({ path: "/api/me", headers })).status).toBe(401);
    expect((await house.send({ path: "/api/me", headers: house.headersOf(ada) })).status).toBe(401);
    expect((await house.redeem(url)).json.value).toMatchObject({ role: "owner", name: "ada" });
  });
});

describe("the audit", () => {
  test("[T18] every command, login, refusal and failure is written down with who it was and how they came in", async () => {
    house = await openHouse();
    const cem = await house.signIn("operator", "Cem");
    await as(cem, "merge:start", {});
    await as(cem, "session:stop", { session: "bd-1" });
    await as(cem, "session:stop", { session: 1 });
    await house.redeem(`#${"A".repeat(43)}`);
    const { device } = await me(cem);
    const entries = (await audit()).map(({ actor, via, action, outcome }) => [actor, via, action, outcome]);
    expect(entries).toEqual([
      ["nobody", "127.0.0.1", "login", "refused"],
      ["Cem", `device ${device ?? ""}`, "session:stop", "failed"],
      ["Cem", `device ${device ?? ""}`, "session:stop", "failed"],
      ["Cem", `device ${device ?? ""}`, "merge:start", "refused"],
      ["Cem", `device ${device ?? ""}`, "login", "done"],
      ["ada", "machine", "team:invite", "done"],
    ]);
    expect((await audit("action=session:&limit=1")).map(({ action }) => action)).toEqual(["session:stop"]);
    expect(await audit("actor=Cem&action=login")).toHaveLength(1);
    expect((await audit("outcome=refused")).map(({ action }) => action)).toEqual(["login", "merge:start"]);
    expect(await audit("since=2027-01-01T00:00:00Z")).toEqual([]);
  });

  test("[T19] it is an owner's to read, a file to take along, and nobody's to change", async () => {
    house = await openHouse();
    const cem = await house.signIn("operator", "Cem");
    for (const where of ["/api/audit", "/api/audit.jsonl"])
      expect((await house.send({ path: where, headers: house.headersOf(cem) })).status).toBe(403);
    const socket = await house.connect(cem);
    const input = { actor: null, action: null, outcome: null, since: null };
    expect(await ask(socket, "read", { name: "audit", input })).toMatchObject({ ok: false });
    const file = await house.send({ path: "/api/audit.jsonl", headers: await house.bearer() });
    expect(file.headers["content-disposition"]).toBe('attachment; filename="amplify-audit.jsonl"');
    const lines = file.text.trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toEqual([
      "team:invite",
      "login",
      "read:audit",
      "/api/audit.jsonl",
      "read:audit",
    ]);
    const database = new Sqlite(databaseFile(house.home));
    expect(() => database.exec("UPDATE Audit SET actor = 'x'")).toThrow("append-only");
    expect(() => database.exec("DELETE FROM Audit")).toThrow("append-only");
    database.close();
  });
});
