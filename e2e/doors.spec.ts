import { expect, test } from "@playwright/test";
import { roles } from "#lib/contract/wire.ts";
import { accessCells, wrongAnswers, wrongCells } from "#server/fixtures/access-matrix.ts";
import { headers, targets } from "./fixtures/bypasses.ts";
import type { BuiltHouse } from "./fixtures/built-house.ts";
import { openBuiltHouse } from "./fixtures/built-house.ts";

const secret = "The plan that is nobody else's";

let built: BuiltHouse;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  built = await openBuiltHouse();
  await built.house.createItem(secret);
});
test.afterAll(() => built[Symbol.asyncDispose]());

/** What came back for one request that says all that a browser would say of a page it opens. */
interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

async function ask(
  method: string,
  target: string,
  ...more: readonly (readonly [string, string])[]
): Promise<Answer> {
  const given = new Set(more.map(([name]) => name.toLowerCase()));
  const usual = [
    ["Host", built.host],
    ["Sec-Fetch-Mode", "navigate"],
    ["Sec-Fetch-Dest", "document"],
    ["Connection", "close"],
  ].filter(([name = ""]) => !given.has(name.toLowerCase()));
  const lines = [...usual, ...more].map(([name, value]) => `${name}: ${value}`);
  const text = await built.raw([`${method} ${target} HTTP/1.1`, ...lines]);
  // What only says that more is to come is not the answer.
  const [, status = "0"] = /^HTTP\/1\.1 ([2-5]\d\d)/m.exec(text) ?? [];
  return { status: Number(status), location: /^location: (.*)\r$/im.exec(text)?.[1] ?? null, text };
}

/** Nothing of ours came back: no page, no data, no way but the login. */
function leakOf(target: string, { status, location, text }: Answer): string | null {
  if (text.includes(secret) || text.includes(built.house.repository.path)) return "told the secret";
  if (status >= 500) return `answered ${String(status)}`;
  if (location !== null && location !== "/login") return `leads to ${location}`;
  if (/^x-(?:middleware|nextjs-(?:rewrite|redirect))/im.test(text)) return "let the framework answer";
  if (status === 0) return "was not answered";
  const isLogin = /^\/login(?:\?|$)/.test(target);
  return status >= 200 && status < 300 && !isLogin ? `answered ${String(status)}` : null;
}

test("[W45] nothing that a header or an address can say lets in who is not signed in", async () => {
  test.setTimeout(180_000);
  const tries: [method: string, target: string, ...more: (readonly [string, string])[]][] = [
    ...headers.flatMap((header): typeof tries =>
      ["/", "/questions?_rsc=1", "/_next/data/x/index.json", "/api/items"].map((target) => [
        "GET",
        target,
        header,
      ]),
    ),
    ...targets.flatMap((target): typeof tries => [
      ["GET", target],
      ["GET", target, ["rsc", "1"], ["next-router-prefetch", "1"]],
      ["GET", target, ["x-nextjs-data", "1"], ["x-middleware-subrequest", "middleware"]],
      ["HEAD", target],
    ]),
    ...["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"].flatMap((method): typeof tries =>
      ["/", "/login", "/api/commands", "/api/items", "/_next/image"].map((target) => [
        method,
        target,
        ["Content-Length", "0"],
      ]),
    ),
  ];
  expect(headers.length + targets.length).toBeGreaterThanOrEqual(160);
  const wrong: string[] = [];
  for (let at = 0; at < tries.length; at += 8)
    await Promise.all(
      tries.slice(at, at + 8).map(async ([method, target, ...more]) => {
        const leak = leakOf(target, await ask(method, target, ...more));
        if (leak !== null) wrong.push(`${method} ${target} ${JSON.stringify(more)}: ${leak}`);
      }),
    );
  expect(wrong).toEqual([]);
  console.log(`${String(tries.length)} ways in were tried`);
  // The same words do not help somebody who is in to more than their role either.
  const { cookie, token } = await built.signIn("viewer", "Vera");
  for (const header of headers) {
    if (["cookie", "x-amplify-token", "connection"].includes(header[0])) continue;
    const { status } = await ask("GET", "/api/audit", ["cookie", cookie], ["x-amplify-token", token], header);
    expect([header, status >= 400 && status < 500]).toEqual([header, true]);
  }
  // And no page acts: there are no server actions behind it.
  const owner = await built.signIn("owner");
  const mine = [
    ["cookie", owner.cookie],
    ["x-amplify-token", owner.token],
    ["origin", built.url],
    ["content-type", "text/plain;charset=UTF-8"],
    ["next-action", "7f".repeat(20)],
    ["content-length", "0"],
  ] as const;
  expect((await ask("POST", "/", ...mine)).status).toBe(405);
  // Asked as one asks, both are there.
  const cookieAlone = ["cookie", owner.cookie] as const;
  expect((await ask("GET", "/", cookieAlone)).status).toBe(200);
  const items = await ask("GET", "/api/items", cookieAlone, ["x-amplify-token", owner.token]);
  expect(items.text).toContain(secret);
});

test("[W41] the whole matrix of access holds for the built product, on HTTP and both kinds of sockets", async () => {
  test.setTimeout(240_000);
  const matrix = await built.everybody();
  const before = await built.history();
  const cells = accessCells();
  expect(cells.length).toBeGreaterThanOrEqual(2000);
  expect(await wrongCells(matrix, cells)).toEqual([]);
  for (const transport of ["websocket", "polling"] as const) {
    for (const role of roles) {
      const socket = await built.connect(matrix.people.get(role)!.browser, transport);
      expect(await wrongAnswers(role, socket.ask)).toEqual([]);
      socket.close();
    }
  }
  expect(await built.history()).toEqual(before);
});
