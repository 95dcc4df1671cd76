import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";
import type { WebhookOrder } from "#server/ports.ts";

const secret = "a secret of the receiver's";

it("[Q120, Q121, Q122, Q126] news are signed, tried again over restarts, sent once, and their state is shown without secrets", async () => {
  const sent: WebhookOrder[] = [];
  let status: number | null = null;
  await using test = await createTestApplication({
    postWebhook: (order) => {
      sent.push(order);
      return status === null
        ? Promise.reject(new Error("connect ECONNREFUSED"))
        : Promise.resolve({ status });
    },
  });
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const { webhook } = await test.command("webhook:add", {
    url: "https://hooks.example.test/T0/token",
    secret,
  });
  const list = () => test.inside().application.read("webhooks", {}, { actor: owner });
  expect(JSON.stringify([webhook, await list()])).not.toMatch(/a secret|token/);

  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  await runner.ask("Which hash? The key is sk-ant-api03-0123456789abcdef.", ["bcrypt", "argon2"]);
  await test.reaches(session.id, "waiting");
  await test.inside().application.settled();
  expect(sent.length).toBeGreaterThan(0);
  expect(await list()).toMatchObject([
    {
      deliveries: [
        {
          state: "waiting",
          problem: "connect ECONNREFUSED",
          text: expect.stringContaining("Which hash?") as unknown,
        },
      ],
    },
  ]);

  await test.restart();
  status = 200;
  await test.elapse(600_000);
  await test.inside().application.settled();
  const { body, headers } = sent.at(-1)!;
  const id = headers["x-amplify-delivery"];
  expect(await list()).toMatchObject([{ deliveries: [{ id, state: "delivered", problem: null }] }]);
  expect(JSON.parse(body)).toMatchObject({
    version: 1,
    event: "attention",
    kind: "question",
    item: { id: "t-1" },
    question: "q-1",
    text: `Which hash? The key is ${"*".repeat("sk-ant-api03-0123456789abcdef.".length)}`,
  });
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers["x-amplify-signature"] ?? "") ?? [];
  expect(v1).toBe(
    createHmac("sha256", secret)
      .update(`${t ?? ""}.${body}`)
      .digest("hex"),
  );
  expect(new Set(sent.map((each) => each.headers["x-amplify-delivery"])).size).toBe(1);

  const before = sent.length;
  await test.command("question:answer", { text: "bcrypt" });
  await test.inside().application.settled();
  expect(sent).toHaveLength(before);
  expect(await test.command("webhook:test", { webhook: webhook.id })).toEqual({
    ok: true,
    status: 200,
    problem: null,
  });
  await test.command("webhook:remove", { webhook: webhook.id });
  expect(await list()).toEqual([]);
});

it("[Q123] an address without https, or with a password, is refused, and only an owner may name one", async () => {
  await using test = await createTestApplication();
  const add = (url: string, more = {}) => test.command("webhook:add", { url, secret, ...more });
  for (const url of [
    "http://hooks.example.test/x",
    "file:///etc/passwd",
    "https://a:b@example.test/",
    "nonsense",
  ]) {
    await expect(add(url)).rejects.toMatchObject({ problem: { code: "invalid" } });
  }
  expect((await add("http://127.0.0.1:9/x", { allowPrivate: true })).webhook.target).toBe(
    "http://127.0.0.1:9/…",
  );
  const operator = { ...owner, role: "operator" } as const;
  await expect(
    test.command("webhook:add", { url: "https://hooks.example.test/", secret }, { actor: operator }),
  ).rejects.toMatchObject({ problem: { code: "forbidden" } });
});
