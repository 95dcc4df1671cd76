import type { Held, Review } from "./review.ts";

/**
 * What was said in a council, as far as it stands: the parts that counted, and of a part that never did what was said
 * the last time. A first attempt that was followed by one that counted said nothing.
 */
export function heardParts({
  parts,
  uncounted,
}: Pick<Review, "parts" | "uncounted">): readonly Pick<Held, "part" | "reports">[] {
  const counted = new Set(parts.map(({ part }) => part));
  const last = new Map(uncounted.map((each) => [each.part, each]));
  return [...parts, ...[...last.values()].filter(({ part }) => !counted.has(part))];
}
