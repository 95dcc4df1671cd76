import type { DiffLine } from "./parse-diff.ts";

/** Where a line differs from the one that it replaces: first and last index, the last not included. */
export type ChangedPart = readonly [start: number, end: number];

/** Pairs each run of removed lines with the run of added lines after it, and finds what changed inside of a line. */
export function changedParts(lines: readonly DiffLine[]): ReadonlyMap<number, ChangedPart> {
  const parts = new Map<number, ChangedPart>();
  for (let at = 0; at < lines.length;) {
    const removed = runOf(lines, at, "removed");
    const added = runOf(lines, at + removed, "added");
    if (removed > 0 && removed === added) {
      for (let offset = 0; offset < removed; offset++) {
        const [before, after] = [lines[at + offset], lines[at + removed + offset]];
        if (before?.kind !== "removed" || after?.kind !== "added") continue;
        const [old, young] = differing(before.text, after.text) ?? [];
        if (!old || !young) continue;
        parts.set(at + offset, old);
        parts.set(at + removed + offset, young);
      }
    }
    at += Math.max(1, removed + added);
  }
  return parts;
}

function runOf(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let length = 0;
  while (lines[from + length]?.kind === kind) length++;
  return length;
}

/** Null where the lines have too little in common for a part to mean anything. */
function differing(before: string, after: string): [ChangedPart, ChangedPart] | null {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  let end = 0;
  while (end < shortest - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (start + end < Math.max(before.length, after.length) * 0.5) return null;
  return [
    [start, before.length - end],
    [start, after.length - end],
  ];
}
