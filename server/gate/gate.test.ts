import net from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "#server/api/routes.ts";
import type { Browser, House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

let house: House;
let owner: Browser;
let viewer: Browser;
beforeAll(async () => {
  house = await openHouse();
  owner = await house.signIn("owner");
  viewer = await house.signIn("viewer");
});
afterAll(() => house.close());

/** The status line of a raw exchange; `lines` go out byte for byte. */
function raw(lines: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(house.port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text);
      if (!status) return;
      resolve(Number(status[1]));
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(0));
  });
}

const handshake = (headers: readonly string[], transport = "websocket") => [
  `GET /socket.io/?EIO=4&transport=${transport} HTTP/1.1`,
  ...(transport === "websocket"
    ? [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ]
    : ["Connection: close"]),
  ...headers,
];

/** Everything that is nearly one of our own origins. */
function foreignOrigins(): string[] {
  const { host, port } = house;
  return [
    "null",
    "",
    "https://evil.example",
    `http://${host}.evil.example`,
    `http://evil.example:${port}`,
    `http://127.0.0.1.evil.example:${port}`,
    `http://evil.example/${host}`,
    `http://evil.example#http://${host}`,
    `http://evil.example?http://${host}`,
    `http://${host}@evil.example`,
    `http://user@${host}`,
    `http://user:pass@${host}`,
    `https://${host}`,
    `HTTP://${host}`,
    `ws://${host}`,
    `file://${host}`,
    `chrome-extension://${host}`,
    "file://",
    "data:text/html,x",
    `http://LOCALHOST:${port}`,
    `http://localhost.:${port}`,
    `http://127.0.0.1.:${port}`,
    "http://127.0.0.1",
    "http://localhost",
    `http://127.0.0.1:${port + 1}`,
    `http://127.0.0.1:0${port}`,
    `http://127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}.`,
    `http://127.0.0.1:${port} `.trimEnd() + " x",
    `http://${host},http://${host}`,
    `http://${host} http://${host}`,
    `http://${host}, https://evil.example`,
    `http://0.0.0.0:${port}`,
    `http://127.1:${port}`,
    `http://127.0.0.2:${port}`,
    `http://2130706433:${port}`,
    `http://0x7f000001:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    `http://[0:0:0:0:0:0:0:1]:${port}`,
    `http://lоcalhost:${port}`.normalize("NFC").replace("о", "xn--o"),
    `http://xn--lcalhost-cfg:${port}`,
    `http://localhost%2eevil.example:${port}`,
    `http://localhost:${port}%00`,
    `//${host}`,
    host,
  ];
}

const foreignHosts = () => [
  "evil.example",
  `evil.example:${house.port}`,
  "127.0.0.1",
  "localhost",
  `LOCALHOST:${house.port}`,
  `localhost.:${house.port}`,
  `127.0.0.1:${house.port + 1}`,
  `127.0.0.1:${house.port}.evil.example`,
  `user@127.0.0.1:${house.port}`,
  `0.0.0.0:${house.port}`,
  `[::]:${house.port}`,
  `127.1:${house.port}`,
];

describe("who comes in", () => {
  test("[W1] a name that is not ours is refused with 421 everywhere, before anything else", async () => {
    for (const host of foreignHosts()) {
      for (const { method, path } of [
        ...routes,
        { method: "GET", path: "/" },
        { method: "GET", path: "/login" },
      ]) {
        const headers = { host, ...(await house.bearer()) };
        expect([host, path, (await house.send({ method, path, headers })).status]).toEqual([host, path, 421]);
      }
      const origin = `Origin: ${house.url}`;
      expect(await raw(handshake([`Host: ${host}`, origin, `Cookie: ${owner.cookie}`]))).toBe(421);
    }
    for (const host of [`localhost:${house.port}`, `[::1]:${house.port}`, house.host])
      expect(
        (await house.send({ path: "/api/me", headers: { host, ...(await house.bearer()) } })).status,
      ).toBe(200);
  });

  test("[W2] no socket opens for an origin that is only like ours, on either transport", async () => {
    const cookie = `Cookie: ${owner.cookie}`;
    const origins = foreignOrigins();
    expect(origins.length).toBeGreaterThanOrEqual(40);
    for (const origin of origins) {
      for (const transport of ["websocket", "polling"]) {
        const status = await raw(handshake([`Host: ${house.host}`, `Origin: ${origin}`, cookie], transport));
        expect([origin, transport, status]).toEqual([origin, transport, 403]);
      }
    }
    for (const transport of ["websocket", "polling"])
      expect([transport, await raw(handshake([`Host: ${house.host}`, cookie], transport))]).toEqual([
        transport,
        403,
      ]);
    const own = [`Host: ${house.host}`, `Origin: ${house.url}`];
    expect(await raw(handshake([...own, cookie]))).toBe(101);
    expect(await raw(handshake([...own, cookie], "polling"))).toBe(200);
    expect(await raw(handshake(own))).toBe(401);
    expect(await raw(handshake([...own, `Origin: ${house.url}`, cookie]))).toBe(400);
  });

  test("[W3] an effect under a cookie needs our exact origin, the browser's word for it, and the header token", async () => {
    const path = "/api/commands";
    const body = { name: "session:dispatch", key: "00000000-w3", input: { item: "bd-1" } };
    const base = { cookie: owner.cookie, "x-amplify-token": owner.token };
    const before = house.inside.effects.length;
    const tries: [Record<string, string>, number][] = [
      ...foreignOrigins().map((origin): [Record<string, string>, number] => [{ ...base, origin }, 403]),
      [base, 403],
      [{ ...base, "sec-fetch-site": "same-origin" }, 403],
      [{ ...base, origin: house.url, "sec-fetch-site": "same-site" }, 403],
      [{ ...base, origin: house.url, "sec-fetch-site": "cross-site" }, 403],
      [{ ...base, origin: house.url, "sec-fetch-site": "none" }, 403],
      [{ cookie: owner.cookie, origin: house.url }, 403],
      [{ ...base, origin: house.url, "x-amplify-token": viewer.token }, 403],
      [{ ...base, origin: house.url, "x-amplify-token": "x".repeat(43) }, 403],
      [{ "x-amplify-token": owner.token, origin: house.url }, 401],
      [{ ...base, origin: house.url, cookie: `${owner.cookie}; ${owner.cookie}` }, 401],
      [{ ...base, origin: house.url, authorization: "Bearer wrong" }, 401],
      [{ ...base, origin: house.url, "content-type": "text/plain" }, 400],
    ];
    for (const [headers, status] of tries)
      expect([headers, (await house.send({ method: "POST", path, headers, body })).status]).toEqual([
        headers,
        status,
      ]);
    expect(house.inside.effects).toHaveLength(before);
    const good = { ...base, origin: house.url, "sec-fetch-site": "same-origin" };
    expect((await house.send({ method: "POST", path, headers: good, body })).status).toBe(200);
    expect(house.inside.effects).toHaveLength(before + 1);
  });

  test("[W4] every route asks for its role, whoever the body says one is", async () => {
    const rank = { viewer: 0, operator: 1, owner: 2 };
    const operator = await house.signIn("operator");
    const people = { viewer, operator, owner };
    for (const { method, path, least } of routes.filter(
      ({ path }) => !["/api/logout", "/api/renew"].includes(path),
    )) {
      if (least === null) continue;
      const anonymous = await house.send({ method, path, headers: { origin: house.url }, body: {} });
      expect([path, anonymous.status]).toEqual([path, 401]);
      for (const role of ["viewer", "operator", "owner"] as const) {
        if (rank[role] >= rank[least]) continue;
        const headers = {
          cookie: people[role].cookie,
          "x-amplify-token": people[role].token,
          origin: house.url,
        };
        const body = { role: "owner", actor: { name: "ada", role: "owner" } };
        expect([path, role, (await house.send({ method, path, headers, body })).status]).toEqual([
          path,
          role,
          403,
        ]);
      }
    }
    const key = "00000000-w4";
    const merge = {
      name: "merge:start",
      key,
      input: { role: "owner" },
      actor: { name: "ada", role: "owner" },
    };
    const before = house.inside.effects.length;
    for (const role of ["viewer", "operator"] as const) {
      const headers = {
        cookie: people[role].cookie,
        "x-amplify-token": people[role].token,
        origin: house.url,
      };
      expect((await house.send({ method: "POST", path: "/api/commands", headers, body: merge })).status).toBe(
        403,
      );
      const socket = await house.connect(people[role]);
      expect(await ask(socket, "command", merge)).toMatchObject({
        ok: false,
        problem: { code: "forbidden" },
      });
    }
    expect(house.inside.effects).toHaveLength(before);
  });

  test("[W5] paths that may mean two things are refused, and only the login page and its files are public", async () => {
    for (const path of [
      "//evil.example/login",
      "/login/../",
      "/_next/static/../../api/me",
      "/_next/static/%2e%2e/%2e%2e/api/me",
      "/_next/static/..%2f..%2fapi/me",
      "/_next/static/%252e%252e/x",
      "/login\\..\\api",
      "/%5c..%5capi",
      "/login%00",
      "/%ff",
      "http://evil.example/login",
    ])
      expect([path, (await house.send({ path })).status]).toEqual([path, 400]);
    for (const path of ["/login", "/_next/static/chunks/a.js", "/favicon.ico", "/icon.svg"])
      expect([path, (await house.send({ path })).status]).toEqual([path, 404]);
    for (const path of [
      "/",
      "/index.rsc",
      "/login.rsc",
      "/login/x",
      "/%6cogin",
      "/_next/data/x.json",
      "/_next/image",
    ]) {
      const reply = await house.send({ path: `${path}?next=//evil.example` });
      expect([path, reply.status, reply.headers.location]).toEqual([path, 302, "/login"]);
    }
    const unknown = { path: "/api/nothing", headers: await house.bearer() };
    expect((await house.send(unknown)).json.problem?.code).toBe("not-found");
    expect((await house.send({ method: "POST", path: "/", headers: { cookie: owner.cookie } })).status).toBe(
      403,
    );
  });

  test("[W6] headers that only frameworks and proxies may set change nothing", async () => {
    for (const name of [
      "x-middleware-subrequest",
      "x-middleware-rewrite",
      "x-nextjs-data",
      "x-original-url",
    ]) {
      const headers = {
        [name]: "/login",
        "x-forwarded-host": "evil.example",
        "x-forwarded-for": "127.0.0.1",
      };
      const reply = await house.send({ path: "/", headers });
      expect([name, reply.status, reply.headers.location]).toEqual([name, 302, "/login"]);
    }
  });

  test("[W7] every answer forbids framing, foreign scripts and referrers, with a nonce of its own", async () => {
    const nonces = new Set<string>();
    for (const path of ["/", "/login", "/api/me", "/api/nothing"]) {
      const { headers } = await house.send({ path });
      const policy = String(headers["content-security-policy"]);
      expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/=]{24}' 'strict-dynamic'(?:;|$)/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain(`connect-src 'self' ws://${house.host}`);
      expect(headers).toMatchObject({
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
      nonces.add(policy);
    }
    expect(nonces.size).toBe(4);
  });
});
