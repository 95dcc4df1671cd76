import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { connect } from "#lib/client/socket.ts";
import { createRedactor } from "#server/socket/redact.ts";
import { createCuttingProxy } from "./harness/cutting-proxy.ts";
import { openScenario, times } from "./harness/tier.ts";
import { createWorld } from "./harness/world.ts";

const clients = times(20, 200);
const wanted = times(500, 10_000);
const { dice, count } = openScenario("reconnects");
const hash = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

it(
  `[V9] ${clients} browsers cut off ${wanted} times at a random byte: each holds exactly the redacted log`,
  async () => {
    await using world = await createWorld({ talk: "on" });
    const { id, directory } = await world.dispatch("Talk");
    const log = join(directory, "steps/001/stream.jsonl");
    await world.until("it talks", async () => (await stat(log).catch(() => null))?.size ?? null);
    let left = wanted;
    const proxies = await Promise.all(
      Array.from({ length: clients }, () =>
        createCuttingProxy({
          target: () => world.address(),
          next: () => (left-- > 0 ? dice.between(1, dice.chance(0.5) ? 600 : 20_000) : null),
        }),
      ),
    );
    const readers = proxies.map(({ url }) => {
      const reader = { text: "", next: 0, gaps: 0 };
      const connection = connect({
        url,
        token: null,
        onModel: () => undefined,
        onCompany: () => undefined,
        onLine: () => undefined,
      });
      const ref = { session: id, stream: "stream", step: 1 } as const;
      const limit = dice.between(1000, 100_000);
      connection.followLog(
        ref,
        { offset: 0, limit },
        {
          onChunk(chunk) {
            if (chunk.kind === "gap" || chunk.offset !== reader.next) reader.gaps += 1;
            if (chunk.kind === "gap") return;
            reader.text += chunk.text;
            reader.next = chunk.next;
          },
          // The line was cut under the request; it is asked again when the line is back.
          onError: () => undefined,
        },
      );
      return { reader, connection };
    });
    const cuts = () => proxies.reduce((sum, proxy) => sum + proxy.cuts, 0);
    const limitMs = 60_000 + wanted * 500;
    for (const end = Date.now() + limitMs; cuts() < wanted && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    count("cuts", cuts());
    expect(cuts()).toBe(wanted);
    await world.enough();
    await world.until("it ends", async () => (await world.session(id)).status === "approved");
    const { size } = await stat(log);
    await world.until("all have read it all", () =>
      Promise.resolve(readers.every(({ reader }) => reader.next === size)),
    );
    const whole = hash(createRedactor(world.house.env).redact(await readFile(log)));
    count("bytes for each", size);
    expect(readers.map(({ reader }) => reader.gaps)).toEqual(readers.map(() => 0));
    expect(new Set(readers.map(({ reader }) => hash(reader.text)))).toEqual(new Set([whole]));
    for (const { connection } of readers) connection.close();
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  },
  24 * 3_600_000,
);
