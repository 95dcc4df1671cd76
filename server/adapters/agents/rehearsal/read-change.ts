/** One file of a unified diff, as a reviewer sees it. */
export interface ChangedFile {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** First and last line of the first hunk in the new file; null where the file has none. */
  readonly lines: readonly [number, number] | null;
  readonly addedLines: readonly string[];
  readonly endsWithoutNewline: boolean;
}

/** Reads a diff made with `core.quotePath=false`; what it does not know it passes over. */
export function readChange(diff: string): ChangedFile[] {
  return diff
    .split(/^diff --git /m)
    .slice(1)
    .map(readFile)
    .filter(({ path }) => path !== "");
}

function readFile(text: string): ChangedFile {
  const [head = "", ...rest] = text.split("\n");
  const lines = rest.slice(
    Math.max(
      0,
      rest.findIndex((line) => line.startsWith("@@")),
    ),
  );
  const hunk = rest.map((line) => /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line)).find((each) => each !== null);
  const first = Number(hunk?.[1] ?? 0);
  const added = hunk ? lines.filter((line) => line.startsWith("+")) : [];
  return {
    path: pathOf(head, rest),
    added: added.length,
    removed: hunk ? lines.filter((line) => line.startsWith("-")).length : 0,
    lines: first > 0 ? [first, first + Math.max(1, Number(hunk?.[2] ?? 1)) - 1] : null,
    addedLines: added.map((line) => line.slice(1)),
    endsWithoutNewline: /\n\+.*\n\\ No newline at end of file/.test(text),
  };
}

function pathOf(head: string, rest: readonly string[]): string {
  const named = rest
    .map((line) => /^(?:\+\+\+ "?b|rename to "?)\/?(.*?)"?\t?$/.exec(line))
    .find(Boolean)?.[1];
  return named ?? /^"?a\/(.*?)"? "?b\//.exec(head)?.[1] ?? "";
}
