import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "@playwright/test";
import { chromium, expect, test } from "@playwright/test";
import type { BuiltHouse } from "./fixtures/built-house.ts";
import { openBuiltHouse } from "./fixtures/built-house.ts";

let built: BuiltHouse;
/** Every name under `.test` is this machine: another site, and a name that was bound anew to our address. */
let browser: Browser;
/** Somebody else's server on this machine, as an agent's preview is; it keeps the cookies that it is given. */
let neighbour: { readonly port: number; readonly cookies: Set<string>; close(): Promise<void> };
let owner: Page;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  built = await openBuiltHouse();
  neighbour = await openNeighbour();
  const { launchOptions } = test.info().project.use;
  const args = [...(launchOptions?.args ?? []), "--host-resolver-rules=MAP *.test 127.0.0.1"];
  browser = await chromium.launch({ ...launchOptions, args });
  owner = await (await browser.newContext()).newPage();
  const { url } = await built.house.json<{ url: string }>("open", "--no-browser");
  await owner.goto(url);
  await expect(owner).toHaveURL(/\/$/, { timeout: 120_000 });
});
test.afterAll(async () => {
  await browser.close();
  await neighbour.close();
  await built[Symbol.asyncDispose]();
});

async function openNeighbour(): Promise<typeof neighbour> {
  const cookies = new Set<string>();
  const server = createServer((request, response) => {
    if (request.headers.cookie !== undefined) cookies.add(request.headers.cookie);
    response.writeHead(200, { "content-type": "text/html" });
    response.end(
      `<!doctype html><title>A preview</title><body><script>window.attack = ${attack.toString()}</script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cookies,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What somebody else's page does to ours, with all that a browser offers; answers what it was let do or see. */
async function attack(url: string, link: string): Promise<string[]> {
  const gained: string[] = [];
  const order = { name: "item:create", key: "00000000-foreign", input: { title: "Planted" } };
  const body = JSON.stringify(order);
  const soon = (promise: Promise<unknown>) =>
    Promise.race([promise.catch(() => null), new Promise((resolve) => setTimeout(resolve, 4000))]);
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  for (const path of ["/api/commands", "/api/logout", "/api/renew", "/api/login", "/api/leave"]) {
    const text = path === "/api/login" ? JSON.stringify({ token: link }) : body;
    for (const mode of ["no-cors", "cors"] as const) {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
        const order: RequestInit = { method: "POST", mode, body: text, credentials: "include" };
        await soon(
          fetch(url + path, { ...order, headers: { "content-type": type } }).then((answer) => {
            if (answer.type !== "opaque") gained.push(`read the answer of ${path} as ${type}`);
          }),
        );
      }
    }
    navigator.sendBeacon(url + path, new Blob([text], { type: "application/json" }));
    navigator.sendBeacon(url + path, text);
    // A form is sent without asking anybody, and a text of it can be JSON.
    for (const enctype of ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]) {
      const frame = document.createElement("iframe");
      frame.name = `f${Math.random().toString(36)}`;
      const form = Object.assign(document.createElement("form"), {
        method: "post",
        action: url + path,
        target: frame.name,
        enctype,
      });
      const field = document.createElement("input");
      field.name = `${text.slice(0, -1)},"x":"`;
      field.value = '"}';
      form.append(field);
      document.body.append(frame, form);
      form.submit();
      await wait(50);
    }
  }
  for (const path of ["/api/me", "/api/items", "/api/audit.jsonl", "/"]) {
    await soon(
      fetch(url + path, { credentials: "include" }).then(() => gained.push(`read ${path} by fetch`)),
    );
    for (const tag of ["img", "script", "iframe", "embed"] as const) {
      const element = document.createElement(tag);
      element.src = url + path;
      element.addEventListener("load", () => {
        if (tag !== "iframe" && tag !== "embed") gained.push(`loaded ${path} as ${tag}`);
      });
      document.body.append(element);
    }
  }
  await soon(
    new Promise<void>((resolve) => {
      const events = new EventSource(`${url}/api/events`, { withCredentials: true });
      events.onopen = () => {
        gained.push("listens to events");
        resolve();
      };
      events.onerror = () => {
        events.close();
        resolve();
      };
    }),
  );
  await soon(
    new Promise<void>((resolve) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
      socket.onopen = () => {
        gained.push("opened a socket");
        resolve();
      };
      socket.onclose = () => resolve();
    }),
  );
  await wait(500);
  return gained;
}

/** Everything that there is to change, and who did what. */
async function state() {
  const client = await built.house.client();
  const { people, devices } = await client.read("team", {});
  return {
    history: await built.history(),
    items: (await client.read("items", {})).length,
    people: people.map(({ name, role, revokedAt }) => ({ name, role, revokedAt })),
    devices: devices.map(({ id }) => id),
  };
}

for (const [where, name] of [
  ["another port of this host", "127.0.0.1"],
  ["another site", "attacker.test"],
] as const) {
  test(`[W46] a page from ${where} changes nothing, reads nothing and frames nothing`, async () => {
    test.setTimeout(120_000);
    const client = await built.house.client();
    const { url: link } = await client.command("team:invite", { name: `for ${name}`, role: "operator" });
    const before = await state();
    const page = await owner.context().newPage();
    await page.goto(`http://${name}:${String(neighbour.port)}/`);
    const gained = await page.evaluate(
      ([url = "", token = ""]) => (window as unknown as { attack: typeof attack }).attack(url, token),
      [built.url, new URL(link).hash.slice(1)],
    );
    expect(gained).toEqual([]);
    const framed = page.frames().map((frame) => frame.url());
    expect(framed.length).toBeGreaterThan(10);
    expect(framed.filter((url) => url.startsWith(built.url))).toEqual([]);
    await page.close();
    expect(await state()).toEqual(before);
    // Still signed in, and the link that was used for somebody else's login is still good.
    await owner.reload();
    await expect(owner.getByRole("status").filter({ hasText: "Live" })).toBeAttached();
  });
}

test("[W46] a name that was bound to our address anew gets nothing", async () => {
  const page = await owner.context().newPage();
  const rebound = `http://rebound.test:${new URL(built.url).port}`;
  expect((await page.goto(`${rebound}/`))?.status()).toBe(421);
  const seen = await page.evaluate(async () => {
    const answers = await Promise.all(
      ["/", "/login", "/api/me", "/icon.svg"].map((path) => fetch(path, { credentials: "include" })),
    );
    const opened = await new Promise((resolve) => {
      const socket = new WebSocket(
        "/socket.io/?EIO=4&transport=websocket".replace(/^/, `ws://${location.host}`),
      );
      socket.onopen = () => resolve(true);
      socket.onclose = () => resolve(false);
    });
    return { statuses: answers.map(({ status }) => status), opened };
  });
  expect(seen).toEqual({ statuses: [421, 421, 421, 421], opened: false });
  await page.close();
});

test("[W46] a cookie that a neighbour was given reads nothing and does nothing", async () => {
  const page = await owner.context().newPage();
  await page.goto(`http://127.0.0.1:${String(neighbour.port)}/`);
  await page.close();
  const cookie = [...neighbour.cookies].find((each) => each.includes("amplify_"))!;
  // That is how cookies are: they know no ports. So they alone must be worth little.
  expect(cookie).toBeDefined();
  const before = await state();
  for (const path of ["/api/me", "/api/items", "/api/events", "/api/audit.jsonl"])
    expect([path, (await fetch(built.url + path, { headers: { cookie } })).status]).toEqual([path, 403]);
  for (const path of ["/api/commands", "/api/renew", "/api/logout", "/api/leave"]) {
    for (const headers of [
      { cookie },
      { cookie, origin: built.url },
      { cookie, origin: built.url, "x-amplify-token": "" },
    ]) {
      const answer = await fetch(built.url + path, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ name: "item:create", key: "00000000-replay", input: { title: "Planted" } }),
      });
      expect([path, headers, answer.status]).toEqual([path, headers, 403]);
    }
  }
  for (const transport of ["websocket", "polling"] as const)
    await expect(built.connect({ cookie, token: "" }, transport)).rejects.toThrow();
  expect(await state()).toEqual(before);
});

test("[T19] an owner takes the audit log along from the page, though no link could fetch it", async () => {
  await owner.goto(`${built.url}/audit`);
  const [saved] = await Promise.all([
    owner.waitForEvent("download"),
    owner.getByRole("button", { name: "JSONL" }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe("amplify-audit.jsonl");
  const lines = (await readFile(await saved.path(), "utf8")).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toContain("login");
});
