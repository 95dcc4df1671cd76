/** A person's word on a line of a session's diff. It waits until the work is sent to rework, and goes with it. */
export interface Comment {
  /** `c-<n>`, counted per session. */
  readonly id: string;
  readonly file: string;
  /** 1-based; null where it is about the whole file. */
  readonly line: number | null;
  /** `old` counts the lines as they were before the change. */
  readonly side: "new" | "old";
  readonly text: string;
  readonly by: string;
  readonly at: string;
}

/** `src/a.ts:12`, as people and agents read it. */
export function placeOf({ file, line, side }: Pick<Comment, "file" | "line" | "side">): string {
  if (line === null) return file;
  return side === "old" ? `${file}:${String(line)} (before the change)` : `${file}:${String(line)}`;
}
