import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandName, ReadName, RoleName } from "#lib/contract/wire.ts";
import { commands, reads, roles } from "#lib/contract/wire.ts";
import { routes } from "#server/api/routes.ts";
import type { Browser, House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

let house: House;
const people = new Map<RoleName, { browser: Browser; secret: string }>();
let gone: Browser;

beforeAll(async () => {
  house = await openHouse();
  for (const role of roles) {
    const browser = await house.signIn(role, `the ${role}`);
    const { secret } = await house.command("token:create", { name: `script ${role}`, role });
    people.set(role, { browser, secret });
  }
  gone = await house.signIn("operator", "the gone");
  await house.command("team:revoke", { person: "the gone" });
});
afterAll(() => house.close());

/** Something that can be asked for: its own demand, and how it is asked over HTTP. */
interface Target {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: unknown;
  readonly least: RoleName;
  readonly right: string | null;
}

// What would end the login itself is left out here; signing in has its own limits and tests.
const own = ["/api/login", "/api/logout", "/api/renew", "/api/commands"];
const targets: Target[] = [
  ...routes
    .filter(({ path }) => !own.includes(path))
    .map(({ method, path, least }) => ({
      name: path,
      method,
      path,
      body: {},
      least: least ?? "viewer",
      right: null,
    })),
  // No input is right: whoever may, is told so; nothing ever happens.
  ...(Object.keys(commands) as CommandName[]).map((name) => ({
    name,
    method: "POST" as const,
    path: "/api/commands",
    body: { name, key: "matrix-00000000", input: null },
    least: commands[name].role,
    right: commands[name].right,
  })),
];

const credentials = [
  "cookie and header",
  "cookie",
  "cookie and wrong header",
  "script",
  "revoked",
  "none",
] as const;
type Credential = (typeof credentials)[number];
const sources = {
  own: () => ({ origin: house.url, "sec-fetch-site": "same-origin" }),
  "own, unsure": () => ({ origin: house.url }),
  unsaid: () => ({}),
  "no origin": () => ({ "sec-fetch-site": "same-origin" }),
  "other port": () => ({
    origin: `http://127.0.0.1:${String(house.port + 1)}`,
    "sec-fetch-site": "same-site",
  }),
  "same site": () => ({ origin: house.url, "sec-fetch-site": "same-site" }),
  "other site": () => ({ origin: "https://evil.example", "sec-fetch-site": "cross-site" }),
  "no site": () => ({ origin: "null" }),
  "other host": () => ({ origin: house.url, host: `evil.example:${String(house.port)}` }),
} satisfies Record<string, () => Record<string, string>>;
type Source = keyof typeof sources;

function headersOf(role: RoleName, credential: Credential): Record<string, string> {
  const { browser, secret } = people.get(role)!;
  switch (credential) {
    case "cookie and header":
      return { cookie: browser.cookie, "x-amplify-token": browser.token };
    case "cookie":
      return { cookie: browser.cookie };
    case "cookie and wrong header":
      return { cookie: browser.cookie, "x-amplify-token": gone.token };
    case "script":
      return { authorization: `Bearer ${secret}` };
    case "revoked":
      return { cookie: gone.cookie, "x-amplify-token": gone.token };
    case "none":
      return {};
  }
}

/** What has to come of it, said anew and in other words than the gate's. */
function expected(target: Target, role: RoleName, credential: Credential, source: Source): number | "in" {
  if (source === "other host") return 421;
  if (["other port", "same site", "other site", "no site"].includes(source)) return 403;
  if (credential === "none" || credential === "revoked") return 401;
  const changes = target.method === "POST";
  if (changes && credential !== "script") {
    const isOurPage = source === "own" || source === "own, unsure";
    if (!isOurPage || credential !== "cookie and header") return 403;
  }
  if (roles.indexOf(role) < roles.indexOf(target.least)) return 403;
  if (target.right === "machine" || target.path === "/api/leave") return 403;
  return target.right === "land" && role !== "owner" ? 403 : "in";
}

/** The status alone: some answers never end. */
function statusOf(target: Target, headers: Record<string, string>): Promise<number> {
  const body = target.method === "POST" ? JSON.stringify(target.body) : null;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port: house.port,
        method: target.method,
        path: target.path,
        headers: { ...(body === null ? {} : { "content-type": "application/json" }), ...headers },
        setHost: headers["host"] === undefined,
        agent: false,
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

test(
  "[W41] for every route and command, every role, credential and source: in, or out with the right word, and no effect",
  { timeout: 240_000 },
  async () => {
    const cells: [Target, RoleName, Credential, Source][] = [];
    for (const target of targets) {
      for (const role of roles) {
        for (const credential of credentials) cells.push([target, role, credential, "own"]);
        for (const source of Object.keys(sources) as Source[])
          if (source !== "own")
            cells.push([target, role, role === "viewer" ? "script" : "cookie and header", source]);
      }
    }
    expect(cells.length).toBeGreaterThanOrEqual(2000);
    const wrong: string[] = [];
    const check = async ([target, role, credential, source]: (typeof cells)[number]) => {
      const status = await statusOf(target, { ...headersOf(role, credential), ...sources[source]() });
      const wanted = expected(target, role, credential, source);
      const isRight = wanted === "in" ? ![401, 403, 421, 429, 500].includes(status) : status === wanted;
      if (!isRight)
        wrong.push(
          `${target.name} as ${role} with ${credential} from ${source}: ${String(status)}, not ${String(wanted)}`,
        );
    };
    for (let at = 0; at < cells.length; at += 16) await Promise.all(cells.slice(at, at + 16).map(check));
    expect(wrong).toEqual([]);
    expect(house.inside.effects).toEqual([]);
  },
);

for (const transport of ["websocket", "polling"] as const) {
  test(`[W41] the same for every command and read over ${transport}`, { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    for (const role of roles) {
      const socket = await house.connect(people.get(role)!.browser, { transport });
      const demands = [
        ...(Object.keys(commands) as CommandName[]).map((name) => ["command", name, commands[name]] as const),
        ...(Object.keys(reads) as ReadName[]).map((name) => ["read", name, reads[name]] as const),
      ];
      for (const [event, name, demand] of demands) {
        const body = event === "command" ? { name, key: "matrix-00000001", input: null } : { name, input: 1 };
        const answer = await ask(socket, event, body);
        const target = {
          name,
          method: "POST",
          path: "",
          body,
          least: demand.role,
          right: demand.right,
        } as const;
        const isOut = !answer.ok && answer.problem.code === "forbidden";
        if (isOut !== (expected(target, role, "cookie and header", "own") === 403))
          wrong.push(`${event} ${name} as ${role}: ${JSON.stringify(answer).slice(0, 200)}`);
      }
      socket.close();
    }
    expect(wrong).toEqual([]);
    expect(house.inside.effects).toEqual([]);
  });
}
