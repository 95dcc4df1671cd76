import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, type Overlap, proposeOrder } from "./propose-order.ts";

/** What landing in exactly this order comes to. */
function simulate(order: readonly number[], overlaps: readonly Overlap<number>[]) {
  const landed: number[] = [];
  let atOnce = 0;
  for (const id of order) {
    const met = overlaps.filter(
      ({ a, b }) => (a === id && landed.includes(b)) || (b === id && landed.includes(a)),
    );
    if (met.some(({ kind }) => kind === "conflict")) continue;
    if (met.length === 0) atOnce += 1;
    landed.push(id);
  }
  return { landed: landed.length, atOnce };
}

function permutations(ids: readonly number[]): number[][] {
  if (ids.length <= 1) return [[...ids]];
  return ids.flatMap((id) => permutations(ids.filter((each) => each !== id)).map((rest) => [id, ...rest]));
}

const overlapsAmong = (count: number) =>
  fc
    .array(
      fc.record({
        a: fc.nat(Math.max(0, count - 1)),
        b: fc.nat(Math.max(0, count - 1)),
        kind: fc.constantFrom("conflict" as const, "shared" as const),
      }),
      { maxLength: 12 },
    )
    .map((all) => all.filter(({ a, b }) => a !== b));

const cases = (most: number) =>
  fc
    .integer({ min: 0, max: most })
    .chain((count) =>
      fc.tuple(fc.array(fc.boolean(), { minLength: count, maxLength: count }), overlapsAmong(count)),
    );

const candidatesOf = (fits: readonly boolean[]): Candidate<number>[] =>
  fits.map((each, id) => ({ id, fits: each }));

describe("the proposed order", () => {
  it("[M100] lands as many as the best of all orders, and as many of them at once", () => {
    fc.assert(
      fc.property(cases(6), ([fits, overlaps]) => {
        const { order } = proposeOrder(candidatesOf(fits), overlaps);
        const fitting = candidatesOf(fits).flatMap(({ id, fits: fit }) => (fit ? [id] : []));
        const best = permutations(fitting)
          .map((each) => simulate(each, overlaps))
          .reduce((a, b) => (b.landed > a.landed || (b.landed === a.landed && b.atOnce > a.atOnce) ? b : a));
        const ours = simulate(
          order.map(({ id }) => id),
          overlaps,
        );
        expect(ours).toEqual(best);
        expect(order.filter(({ how }) => how === "at-once")).toHaveLength(best.atOnce);
      }),
      { numRuns: 300 },
    );
  });

  it("[M101] names every session once, and what lands in the place of each that does not", () => {
    fc.assert(
      fc.property(cases(14), ([fits, overlaps]) => {
        const { order, leftOut } = proposeOrder(candidatesOf(fits), overlaps);
        const all = [...order, ...leftOut].map(({ id }) => id);
        expect([...all].sort((a, b) => a - b)).toEqual(fits.map((_, id) => id));
        const lands = new Set(order.map(({ id }) => id));
        for (const { id, because } of leftOut) {
          if (because === null) expect(fits[id]).toBe(false);
          else expect(lands.has(because)).toBe(true);
        }
      }),
    );
  });

  it("[M102] keeps the given order where nothing overlaps", () => {
    const ids = Array.from({ length: 40 }, (_, id) => id);
    const { order, leftOut } = proposeOrder(
      ids.map((id) => ({ id, fits: true })),
      [],
    );
    expect(order).toEqual(ids.map((id) => ({ id, how: "at-once" })));
    expect(leftOut).toEqual([]);
  });

  it("[M103] takes bounded time for eighteen that all conflict, and lands one", () => {
    const ids = Array.from({ length: 18 }, (_, id) => id);
    const overlaps = ids.flatMap((a) =>
      ids.filter((b) => b > a).map((b) => ({ a, b, kind: "conflict" as const })),
    );
    const { order, leftOut } = proposeOrder(
      ids.map((id) => ({ id, fits: true })),
      overlaps,
    );
    expect(order).toEqual([{ id: 0, how: "at-once" }]);
    expect(leftOut[0]).toEqual({ id: 1, because: 0 });
  });
});
