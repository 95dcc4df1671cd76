/** First and last line of a stretch, 1-based. */
export type Stretch = readonly [first: number, last: number];

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The lines of one file that its unified diff shows, counted on one side of the change. */
export function shownLines(diff: string, side: "new" | "old"): Stretch[] {
  return diff.split("\n").flatMap((line) => {
    const hunk = hunkHead.exec(line);
    const [begin, length] = side === "old" ? [hunk?.[1], hunk?.[2]] : [hunk?.[3], hunk?.[4]];
    const count = Number(length ?? 1);
    return begin === undefined || count === 0 ? [] : [[Number(begin), Number(begin) + count - 1] as const];
  });
}

/** `1-12, 40`; of many the first ones. */
export function stretchesText(stretches: readonly Stretch[]): string {
  const words = stretches
    .slice(0, 10)
    .map(([first, last]) => (first === last ? String(first) : `${String(first)}-${String(last)}`));
  return `${words.join(", ")}${stretches.length > 10 ? " and more" : ""}`;
}
