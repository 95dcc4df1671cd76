import type { Held, Review, Uncounted } from "./review.ts";

/** One sitting of a part, counted or not. */
export type SaidPart =
  { readonly counts: true; readonly held: Held } | { readonly counts: false; readonly uncounted: Uncounted };

/** All that was said in a council in its order: what did not count stands before the attempt that did. */
export function saidParts({ parts, uncounted }: Pick<Review, "parts" | "uncounted">): SaidPart[] {
  const asLost = (each: Uncounted): SaidPart => ({ counts: false, uncounted: each });
  const begun = new Set<string>();
  const said = parts.flatMap((held): SaidPart[] => {
    const before = begun.has(held.part) ? [] : uncounted.filter(({ part }) => part === held.part);
    begun.add(held.part);
    return [...before.map(asLost), { counts: true, held }];
  });
  return [...said, ...uncounted.filter(({ part }) => !begun.has(part)).map(asLost)];
}
