import { expect, test } from "vitest";
import { createLimits } from "./limits.ts";

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
