import { readFile, stat } from "node:fs/promises";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { MeView } from "#lib/contract/wire.ts";
import type { House } from "#server/fixtures/house.ts";
import { createTurnedClock, openHouse } from "#server/fixtures/house.ts";
import { NoOwnerCredentialError } from "#server/start.ts";
import { ownCertificate, renewBeforeMs } from "./certificate.ts";
import { chooseAddresses, NoSuchAddressError } from "./choose-addresses.ts";
import type { LanOptions } from "./entrances.ts";

const isOnNetwork = Object.values(networkInterfaces()).some((infos = []) =>
  infos.some(({ internal, family }) => !internal && family === "IPv4"),
);
const lan: LanOptions = { at: null, names: [], certificate: null, isInsecure: false };

let house: House;
afterEach(() => house.close());

describe.skipIf(!isOnNetwork)("on the network (left out where this machine is on none)", () => {
  test("[W36] with TLS guests come in by the certificate that the owner was shown, under a cookie of this host alone", async () => {
    house = await openHouse({ lan });
    const [at = ""] = house.server.lan?.urls ?? [];
    expect(at).toMatch(/^https:\/\/[\d.]+:\d+$/);
    const { url } = await house.command("team:invite", { name: "Cem", role: "operator" });
    expect(url.startsWith(`${at}/login#`)).toBe(true);
    const reply = await house.redeem(url);
    expect(reply.headers["set-cookie"]?.[0]).toMatch(/^__Host-amplify_[0-9a-f]{16}=.*; Path=\/; .*; Secure$/);
    expect(reply.headers["strict-transport-security"]).toBeUndefined();
    const cookie = reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const { token } = reply.json.value as { token: string };
    const order = { name: "session:dispatch", key: "00000000-lan", input: { item: "bd-1" } };
    const headers = house.headersOf({ cookie, token }, at);
    const post = (more: Record<string, string> = {}) =>
      house.send({
        method: "POST",
        path: "/api/commands",
        headers: { ...headers, ...more },
        body: order,
        at,
      });
    expect((await post()).status).toBe(200);
    expect((await post({ origin: at.replace("https", "http") })).status).toBe(403);
    expect((await post({ host: house.host })).status).toBe(421);
    // Neither the cookie nor the names of one entrance count at the other.
    expect((await house.send({ path: "/api/me", headers: { cookie } })).status).toBe(401);
    expect((await house.send({ path: "/api/me", headers: { host: new URL(at).host } })).status).toBe(421);
    // The machine's token is of use on the machine alone, where commands go on as ever.
    expect((await house.send({ path: "/api/me", headers: await house.bearer(), at })).status).toBe(401);
    expect((await house.send({ path: "/api/me", headers: await house.bearer() })).status).toBe(200);
  });

  test("[W37] without TLS a banner is up, and owners act on the machine alone", async () => {
    house = await openHouse({ lan: { ...lan, isInsecure: true } });
    const [at = ""] = house.server.lan?.urls ?? [];
    expect(at.startsWith("http://")).toBe(true);
    const reply = await house.redeem(await house.server.link("elsewhere"));
    const cookie = reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const { token } = reply.json.value as { token: string };
    const me = (await house.send({ path: "/api/me", headers: house.headersOf({ cookie, token }, at), at }))
      .json.value as MeView;
    expect(me).toMatchObject({ role: "owner", place: { isInsecure: true, reach: "network" } });
    expect(me.refused["merge:start"]).toContain("can be listened to");
    const post = (name: string, input: unknown) =>
      house.send({
        method: "POST",
        path: "/api/commands",
        headers: house.headersOf({ cookie, token }, at),
        body: { name, key: `insecure-${name.replace(":", "-")}`, input },
        at,
      });
    for (const [name, input] of [
      ["merge:start", {}],
      ["repository:add", { path: "/x" }],
      ["team:invite", { name: "Eve", role: "owner" }],
      ["token:create", { name: "eve", role: "owner" }],
    ] as const)
      expect([name, (await post(name, input)).status]).toEqual([name, 403]);
    expect(
      (await house.send({ path: "/api/audit", headers: house.headersOf({ cookie, token }, at), at })).status,
    ).toBe(403);
    expect((await post("session:dispatch", { item: "bd-1" })).status).toBe(200);
    const owner = await house.redeem(await house.server.link("here"));
    const owners = {
      cookie: owner.headers["set-cookie"]?.[0]?.split(";")[0] ?? "",
      "x-amplify-token": (owner.json.value as { token: string }).token,
    };
    const here = (await house.send({ path: "/api/me", headers: owners })).json.value;
    expect(here).toMatchObject({
      refused: { "owner:reset": expect.any(String) as string },
      place: { isInsecure: false },
    });
  });

  test("[W49] what was overheard without TLS is of no use on the machine, nor over TLS later", async () => {
    house = await openHouse({ lan: { ...lan, isInsecure: true } });
    const [plain = ""] = house.server.lan?.urls ?? [];
    const reply = await house.redeem(await house.server.link("elsewhere"));
    const cookie = reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const { token } = reply.json.value as { token: string };
    const statusAt = async (at: string, headers: Record<string, string>) =>
      (await house.send({ path: "/api/me", headers, at })).status;
    const both = { cookie, "x-amplify-token": token };
    expect(await statusAt(plain, both)).toBe(200);
    expect(await statusAt(house.url, both)).toBe(401);
    const order = { name: "team:link", key: "00000000-w49", input: { elsewhere: true } };
    const headers = house.headersOf({ cookie, token }, plain);
    const made = await house.send({ method: "POST", path: "/api/commands", headers, body: order, at: plain });
    const link = `#${(made.json.value as { url: string }).url.split("#")[1] ?? ""}`;
    expect((await house.redeem(link)).status).toBe(401);
    const { secret } = await house.command("token:create", { name: "root", role: "owner" });
    const root = { authorization: `Bearer ${secret}` };
    expect([await statusAt(plain, root), await statusAt(house.url, root)]).toEqual([401, 200]);
    await house.server.stop();
    const shared = await house.start({ lan });
    const [at = ""] = shared.lan?.urls ?? [];
    expect(await statusAt(at, { ...both, cookie: `__Host-${cookie}` })).toBe(401);
    const body = { token: link.slice(1) };
    const login = { method: "POST", path: "/api/login", headers: { origin: at }, body, at };
    expect((await house.send(login)).status).toBe(401);
    await shared.stop();
  });

  test("[W38] a server in the background does not open itself to a network before an owner has signed in", async () => {
    house = await openHouse();
    await house.server.stop();
    await expect(house.start({ background: true, lan })).rejects.toBeInstanceOf(NoOwnerCredentialError);
    const alone = await house.start();
    await fetch(`${alone.url}/api/login`, {
      method: "POST",
      headers: { origin: alone.url, "content-type": "application/json" },
      body: JSON.stringify({ token: (await alone.link()).split("#")[1] }),
    });
    await alone.stop();
    const shared = await house.start({ background: true, lan });
    expect(shared.lan?.urls).toHaveLength(1);
    await shared.stop();
  });
});

describe("certificate and address", () => {
  test("[W39] our certificate is the person's own, is kept, and is made anew for another address and before it ends", async () => {
    house = await openHouse();
    const folder = path.join(house.home, "tls");
    const clock = createTurnedClock();
    const make = (hosts: string[]) => ownCertificate({ folder, hosts, now: clock.now() });
    const first = await make(["192.0.2.7", "build.example.org"]);
    expect(first.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    for (const name of ["cert.pem", "key.pem"])
      expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await make(["192.0.2.7"])).fingerprint).toBe(first.fingerprint);
    const moved = await make(["192.0.2.8"]);
    expect(moved.fingerprint).not.toBe(first.fingerprint);
    await clock.advance(397 * 86_400_000 - renewBeforeMs - 2 * 86_400_000);
    expect((await make(["192.0.2.8"])).fingerprint).toBe(moved.fingerprint);
    await clock.advance(2 * 86_400_000);
    expect((await make(["192.0.2.8"])).fingerprint).not.toBe(moved.fingerprint);
    expect(await readFile(path.join(folder, "key.pem"), "utf8")).toContain("PRIVATE KEY");
  });

  test("[W40] the address is the one a team most likely shares, or the one that was named", async () => {
    house = await openHouse();
    const info = (address: string, family: "IPv4" | "IPv6" = "IPv4", internal = false) =>
      ({ address, family, internal }) as NetworkInterfaceInfo;
    const interfaces = {
      lo: [info("127.0.0.1", "IPv4", true), info("::1", "IPv6", true)],
      docker0: [info("172.17.0.1")],
      eth0: [info("192.0.2.4"), info("2001:db8::4", "IPv6"), info("fe80::1", "IPv6")],
      wlan0: [info("192.168.7.9"), info("169.254.3.3")],
    };
    expect(chooseAddresses(null, interfaces)).toEqual(["192.168.7.9"]);
    expect(chooseAddresses("eth0", interfaces)).toEqual(["192.0.2.4"]);
    expect(chooseAddresses("2001:db8::4", interfaces)).toEqual(["2001:db8::4"]);
    expect(chooseAddresses("all", interfaces)).toEqual(["172.17.0.1", "192.0.2.4", "192.168.7.9"]);
    for (const wanted of ["lo", "127.0.0.1", "0.0.0.0", "::", "eth9", "203.0.113.1"])
      expect(() => chooseAddresses(wanted, interfaces), wanted).toThrow(NoSuchAddressError);
    expect(() => chooseAddresses(null, { lo: interfaces.lo })).toThrow("on no network");
  });
});
