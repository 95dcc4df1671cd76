export const tabWords = [
  ["transcript", "Transcript"],
  ["output", "Output"],
  ["diff", "Diff"],
  ["review", "Review"],
  ["questions", "Questions"],
  ["timeline", "Timeline"],
] as const;
export type TabName = (typeof tabWords)[number][0];

export function isTabName(name: string | undefined): name is TabName {
  return tabWords.some(([each]) => each === name);
}
