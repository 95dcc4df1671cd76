import { afterEach, expect, test } from "vitest";
import type { Fact } from "#lib/contract/wire.ts";
import { ProblemError } from "#server/application.ts";
import type { House } from "#server/fixtures/house.ts";
import { ask, openHouse } from "#server/fixtures/house.ts";

let house: House;
afterEach(() => house.close());

test("[W20] facts that come while a client catches up follow its answer, in order and without a gap", async () => {
  house = await openHouse();
  house.inside.happen("one", "two");
  const socket = await house.connect(await house.signIn());
  const pushed: Fact[] = [];
  const fourth = new Promise<void>((resolve) =>
    socket.on("facts", (facts) => {
      pushed.push(...facts);
      if (pushed.at(-1)?.seq === 5) resolve();
    }),
  );
  const release = house.inside.holdFollow();
  const answer = ask(socket, "follow", { since: 1 });
  // The first answer proves that the `follow` before it has been taken up.
  await ask(socket, "read", { name: "me", input: {} });
  house.inside.happen("three", "four");
  release();
  expect(await answer).toMatchObject({ ok: true, value: { kind: "facts", facts: [{ seq: 2 }] } });
  house.inside.happen("five");
  await fourth;
  expect(pushed.map(({ seq }) => seq)).toEqual([3, 4, 5]);
});

test("[W50] a client whose catching up was refused goes on hearing what happens, and can ask again", async () => {
  house = await openHouse();
  const socket = await house.connect(await house.signIn());
  await ask(socket, "follow", { since: null });
  house.inside.refuseFollow(new ProblemError("unavailable", "The database is busy."));
  expect(await ask(socket, "follow", { since: 0 })).toMatchObject({
    ok: false,
    problem: { message: "The database is busy." },
  });
  const pushed = new Promise<Fact[]>((resolve) => socket.once("facts", resolve));
  house.inside.happen("one");
  expect(await pushed).toMatchObject([{ text: "one" }]);
  expect(await ask(socket, "follow", { since: 0 })).toMatchObject({
    ok: true,
    value: { kind: "facts", facts: [{ text: "one" }] },
  });
});

test("[W21] a refusal is told as it is, any other error without particulars, on socket and HTTP alike", async () => {
  house = await openHouse();
  const socket = await house.connect(await house.signIn());
  const envelope = (name: string) => ({ name, key: "00000000-w21", input: { session: "bd-1" } });
  const post = async (body: unknown) =>
    (await house.send({ method: "POST", path: "/api/commands", headers: await house.bearer(), body })).json;
  for (const send of [(body: unknown) => ask(socket, "command", body), post]) {
    expect(await send(envelope("session:stop"))).toMatchObject({ problem: { message: "It has ended." } });
    const internal = await send(envelope("session:resume"));
    expect(internal).toMatchObject({ ok: false, problem: { code: "internal" } });
    expect(JSON.stringify(internal)).not.toContain("secret inside");
    for (const bad of [null, 1, [], {}, { name: "constructor" }, { ...envelope("session:stop"), key: "../" }])
      expect(await send(bad)).toMatchObject({ ok: false, problem: { code: "invalid" } });
  }
});

test("[W47] a line is of use to the login that opened it alone, and to nobody once that has ended", async () => {
  house = await openHouse();
  const mine = await house.signIn("operator", "Mira");
  const other = await house.signIn("owner");
  const socket = await house.connect(mine, { transport: "polling" });
  const line = socket.io.engine.id;
  const packet = `420${JSON.stringify(["command", { name: "session:dispatch", key: "00000000-w47", input: {} }])}`;
  const { origin } = new URL(house.url);
  /** One request of the line, by whoever asks. */
  async function ride(cookie: string, sid = line): Promise<number> {
    const answer = await fetch(`${house.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
      method: "POST",
      headers: { cookie, origin, "content-type": "text/plain;charset=UTF-8" },
      body: packet,
    });
    return answer.status;
  }
  expect(await ride(other.cookie)).toBe(403);
  expect(await ride("")).toBe(401);
  expect(await ride(other.cookie, `${line}&sid=${line}`)).toBe(403);
  expect(house.inside.effects).toEqual([]);
  expect(socket.connected).toBe(true);

  const left = new Promise<void>((resolve) => socket.once("disconnect", () => resolve()));
  await house.command("team:revoke", { person: "Mira" });
  await left;
  expect(await ride(mine.cookie)).toBe(401);
  // The line is over, so even its number in good hands opens nothing.
  expect(await ride(other.cookie)).toBeGreaterThanOrEqual(400);
  await expect(house.connect(mine, { transport: "polling" })).rejects.toThrow();
  expect(house.inside.effects).toEqual([]);
});
