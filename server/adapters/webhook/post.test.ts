import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { isPublicAddress } from "./addresses.ts";
import { postWebhook } from "./post.ts";

it("[Q124] addresses of the machine, its network and clouds' own services are not the internet's", () => {
  const inner = [
    "127.0.0.1",
    "10.1.2.3",
    "172.20.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
  ];
  for (const address of inner) expect(isPublicAddress(address), address).toBe(false);
  for (const address of ["93.184.215.14", "8.8.8.8", "2606:4700::1111"]) {
    expect(isPublicAddress(address), address).toBe(true);
  }
});

it("[Q124, Q125] only what the owner allowed reaches a private address, by number or by name, and redirects lead nowhere", async () => {
  const seen: { url: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen.push({ url: request.url ?? "", body });
      response.writeHead(request.url === "/moved" ? 307 : 204, { location: "/elsewhere" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const order = { body: "{}", headers: { "content-type": "application/json" } };
  try {
    for (const host of ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"]) {
      const url = new URL(`http://${host}:${port}/x`).href;
      await expect(postWebhook({ ...order, url, allowPrivate: false })).rejects.toThrow();
      const tls = new URL(`https://${host}:${port}/x`).href;
      await expect(postWebhook({ ...order, url: tls, allowPrivate: false })).rejects.toThrow(
        /machine or its network/,
      );
    }
    expect(seen).toEqual([]);
    const url = `http://localhost:${port}`;
    expect(await postWebhook({ ...order, url: `${url}/x`, allowPrivate: true })).toEqual({ status: 204 });
    expect(await postWebhook({ ...order, url: `${url}/moved`, allowPrivate: true })).toEqual({ status: 307 });
    expect(seen).toEqual([
      { url: "/x", body: "{}" },
      { url: "/moved", body: "{}" },
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
