import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";
import { createRehearsalHouse, asks } from "./fixtures/rehearsal-house.ts";
import { openNetwork } from "./fixtures/network.ts";

const root = join(import.meta.dirname, "..");
const isOnNetwork = Object.values(networkInterfaces())
  .flat()
  .some((info) => info?.internal === false && info.family === "IPv4");

/** What a guest's browser does: follows the link, trusts that one certificate, and asks what it is told to ask. */
const guest = `
const [link, ...orders] = JSON.parse(process.argv[1]);
const { origin, hash } = new URL(link);
const say = (path, headers, body) => fetch(origin + path, body === undefined ? { headers } : {
  method: "POST", headers: { ...headers, origin, "content-type": "application/json" }, body: JSON.stringify(body) });
const login = await say("/api/login", {}, { token: hash.slice(1) });
const { value } = await login.json();
const headers = { cookie: login.headers.get("set-cookie").split(";")[0], "x-amplify-token": value.token };
const answers = [];
for (const order of orders) {
  const reply = order.read ? await say("/api/" + order.read, headers)
    : await say("/api/commands", headers, { key: crypto.randomUUID(), ...order });
  answers.push({ status: reply.status, ...(await reply.json()) });
}
console.log(JSON.stringify(answers));`;

interface Reply {
  readonly status: number;
  readonly value?: unknown;
  readonly problem?: { readonly message: string };
}

test.skipIf(!isOnNetwork)(
  "[W43] a server that a command started gives way to `serve --lan`, its sessions live on, and guests join from another host",
  { timeout: 180_000 },
  async () => {
    using network = openNetwork();
    if (!network.isReal)
      console.warn("No network namespaces here: the guest comes from this machine's own address.");
    await using house = await createRehearsalHouse({ registered: false });
    const node = (...args: string[]) =>
      house.run(network.host[0], ...network.host.slice(1), process.execPath, ...args);
    const amplify = async (...args: string[]) => {
      const ran = await node(join(root, "bin/amplify.js"), ...args);
      if (ran.exit !== 0) throw new Error(`amplify ${args.join(" ")}: ${ran.stderr}${ran.stdout}`);
      return ran.stdout.trim();
    };
    const session = async (id: string) =>
      (JSON.parse(await amplify("session", "status", id, "--json")) as ReadOutput<"session">).session;
    const reaches = (id: string, status: SessionView["status"]) =>
      house.until(`${id} is ${status}`, async () => {
        const view = await session(id);
        if (view.status === "failed") throw new Error(JSON.stringify(view.reason));
        return view.status === status ? view : null;
      });
    await amplify("repo", "add");
    const add = async (title: string, script: string) =>
      (
        JSON.parse(
          await amplify(
            "item",
            "add",
            title,
            "--description",
            ["```rehearsal", script, "```"].join("\n"),
            "--json",
          ),
        ) as { item: { id: string } }
      ).item.id;
    const busy = await add(
      "Work through the change",
      "pause: 60000\nsay: Beginning\nwrite: a.txt\n  a\ncommit: A",
    );
    const curious = await add("Paint it", asks);
    await amplify("session", "dispatch", busy);
    await amplify("session", "dispatch", curious);
    const before = await house.until("an agent at work", async () => {
      const view = await session(busy);
      return view.status === "running" && view.pid !== null ? view : null;
    });
    await reaches(curious, "waiting");
    const background = await house.pidOf("server");

    const at = network.address;
    const args = [
      join(root, "dist/server.js"),
      "--headless",
      "--lan",
      ...(at === null ? [] : ["--lan-at", at]),
    ];
    const [file, ...prefix] = network.host;
    const server = spawn(file, [...prefix, process.execPath, ...args], {
      env: house.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    let said = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    await house.until("the new server", () => Promise.resolve(said.includes("Others:") ? true : null));
    expect(said).toMatch(/SHA-256 of the certificate: (?:[0-9A-F]{2}:){31}[0-9A-F]{2}/);
    expect(await house.pidOf("server")).not.toBe(background);
    // It gives its place free a moment before it ends.
    await house.until("the end of the old server", () =>
      Promise.resolve(existsSync(`/proc/${String(background)}`) ? null : true),
    );
    // The same agent process, not another one.
    expect(await session(busy)).toMatchObject({ status: "running", pid: before.pid });

    const joins = async (name: string, role: string, ...orders: object[]): Promise<Reply[]> => {
      const link = (
        JSON.parse(await amplify("team", "invite", name, "--role", role, "--json")) as { url: string }
      ).url;
      const text = execFileSync(
        network.guest[0],
        [
          ...network.guest.slice(1),
          process.execPath,
          "--input-type=module",
          "-e",
          guest,
          JSON.stringify([link, ...orders]),
        ],
        { encoding: "utf8", env: { ...house.env, NODE_EXTRA_CA_CERTS: join(house.home, "tls", "cert.pem") } },
      );
      return JSON.parse(text) as Reply[];
    };
    const [sessions] = await joins("Cem", "operator", { read: "sessions" });
    expect(sessions).toMatchObject({ status: 200 });
    const choices = [{ labels: ["blue"], text: "" }];
    const id = (await session(curious)).id;
    const [answered] = await joins("Dan", "operator", {
      name: "question:answer",
      input: { session: id, question: "q-1", choices },
    });
    expect(answered, JSON.stringify(answered)).toMatchObject({ status: 200 });
    await reaches(curious, "approved");
    const detail = JSON.parse(await amplify("session", "status", curious, "--json")) as ReadOutput<"session">;
    expect(detail.questions[0]).toMatchObject({ status: "answered", answer: { by: "Dan" } });
    const [me, merge] = await joins(
      "Vera",
      "viewer",
      { read: "me" },
      { name: "merge:start", input: { session: id } },
    );
    expect(me?.value).toMatchObject({ role: "viewer", place: { reach: "network", isInsecure: false } });
    expect((me?.value as ReadOutput<"me">).refused["merge:start"]).toContain("needs the role operator");
    expect(merge).toMatchObject({ status: 403 });
    expect(() =>
      execFileSync(network.guest[0], [
        ...network.guest.slice(1),
        process.execPath,
        "-e",
        `fetch("${(said.match(/On the network: (\S+)/) ?? [])[1] ?? ""}").catch(() => process.exit(7))`,
      ]),
    ).toThrow();
    expect(await session(busy)).toMatchObject({ status: "running", pid: before.pid });
    await amplify("session", "merge", id);
    await amplify("session", "stop", busy);
    await amplify("serve", "--stop");
    await ended;
  },
);
