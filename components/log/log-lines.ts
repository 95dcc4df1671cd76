import type { LogChunk } from "#components/live/use-log.ts";

/** A window of a log as lines. `first` and `next` are the byte offsets of its ends. */
export interface LogLines {
  readonly lines: readonly string[];
  readonly first: number;
  readonly next: number;
  /** Its number in this window's life: keys stay when earlier lines come in front. */
  readonly firstKey: number;
  /** The last line has no newline yet. */
  readonly isOpen: boolean;
}

export const noLines: LogLines = { lines: [], first: 0, next: 0, firstKey: 0, isOpen: false };

/** Beyond this the top is let go; it can be read again from the file. */
const keptLines = 50_000;
const encoder = new TextEncoder();

export function appended(old: LogLines, chunk: LogChunk): LogLines {
  if (chunk.kind === "gap") return { ...noLines, lines: ["— the log was replaced —"] };
  const isFirst = old.lines.length === 0 && !old.isOpen;
  const parts = chunk.text.split("\n");
  const rest = parts.pop() ?? "";
  const lines = [...old.lines];
  if (old.isOpen) {
    parts.unshift((lines.pop() ?? "") + (parts.shift() ?? rest));
    if (chunk.text.indexOf("\n") === -1)
      return { ...old, lines: [...lines, parts[0] ?? ""], next: chunk.next };
  }
  lines.push(...parts);
  if (rest !== "") lines.push(rest);
  return trimmed({
    lines,
    first: isFirst ? chunk.offset : old.first,
    next: chunk.next,
    firstKey: old.firstKey,
    isOpen: rest !== "",
  });
}

/** Puts the window before it in front. */
export function prepended(old: LogLines, chunk: LogChunk): LogLines {
  if (chunk.kind === "gap" || chunk.next !== old.first) return old;
  const parts = chunk.text.split("\n");
  const rest = parts.pop() ?? "";
  const [head = "", ...tail] = old.lines;
  // Cut inside of a line: its two halves belong together.
  const lines = rest === "" ? [...parts, ...old.lines] : [...parts, rest + head, ...tail];
  return { ...old, lines, first: chunk.offset, firstKey: old.firstKey - (lines.length - old.lines.length) };
}

function trimmed(log: LogLines): LogLines {
  const excess = log.lines.length - keptLines;
  if (excess <= 0) return log;
  const dropped = log.lines.slice(0, excess).join("\n").concat("\n");
  return {
    ...log,
    lines: log.lines.slice(excess),
    first: log.first + encoder.encode(dropped).length,
    firstKey: log.firstKey + excess,
  };
}
