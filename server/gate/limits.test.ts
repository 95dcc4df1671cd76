import { expect, test } from "vitest";
import { actorNamed } from "#e2e/fixtures/actor.ts";
import type { Visitor } from "#server/team/visitor.ts";
import { createLimits, most } from "./limits.ts";

const lan = { kind: "tls" } as const;

test("[T22] whoever guesses without an end holds up their own address, and neither others nor the machine", async () => {
  const limits = createLimits();
  const guess = (address: string) => limits.login({ address, line: lan });
  const waits = [];
  for (let index = 0; index < 205; index += 1) waits.push(await guess("192.0.2.66"));
  expect(waits.filter((wait) => wait === null)).toHaveLength(5);
  expect(await guess("192.0.2.7")).toBeNull();
  // Many addresses together meet the limit of the network; this machine's own browsers do not.
  const others = Array.from({ length: 60 }, (_, index) => `198.51.100.${String(index)}`);
  const all = await Promise.all(others.flatMap((address) => [1, 2, 3, 4].map(() => guess(address))));
  expect(all.filter((wait) => wait === null)).toHaveLength(200 - 5 - 1);
  expect(await guess("203.0.113.5")).toBeGreaterThan(60);
  expect(await limits.login({ address: "127.0.0.1", line: { kind: "machine" } })).toBeNull();
});

const visitor = (name: string, credential: string | null): Visitor => {
  return { actor: actorNamed(name, "viewer"), credential, line: lan };
};
const [browser, script] = [visitor("Cem", "a browser"), visitor("Cem", "a script")];
const other = visitor("Dan", "another's browser");
const machine = visitor("Cem", null);

test("[T24] who asks too fast waits for their turn, and is refused only when too much of theirs waits already", async () => {
  const limits = createLimits();
  const asked = Array.from({ length: 300 }, (_, index) => limits.turn(index % 2 === 0 ? browser : script));
  // Browsers and scripts of one person have their turns together; nobody else's wait for them.
  expect(await limits.turn(other)).toBeNull();
  expect(await limits.turn(machine)).toBeNull();
  const answers = await Promise.all(asked);
  expect(answers.filter((wait) => wait === null)).toHaveLength(most.turnsPerSecond + most.waiting);
  expect(answers.filter((wait) => wait === 1)).toHaveLength(300 - most.turnsPerSecond - most.waiting);
});

test("[T24] commands have a limit of a minute besides, and a script that runs wild does not use up its owner's", async () => {
  const limits = createLimits();
  for (let index = 0; index < most.commandsPerMinute; index += 1)
    expect(await limits.command(script)).toBeNull();
  expect(await limits.command(script)).toBeGreaterThan(30);
  expect([await limits.command(browser), await limits.command(machine)]).toEqual([null, null]);
});

test("[T25] one person holds so many streams at once, and has the place of one that ended again", () => {
  const limits = createLimits();
  const held = Array.from({ length: most.streams }, () => limits.hold(browser));
  expect(held).not.toContain(null);
  expect(limits.hold(script)).toBeNull();
  expect(limits.hold(other)).not.toBeNull();
  held[0]?.();
  expect(limits.hold(script)).not.toBeNull();
  expect(limits.hold(browser)).toBeNull();
});
