import colors from "picocolors";
import type { SessionView } from "#lib/contract/wire.ts";

/** Prints for people, or for scripts where `--json` was given: then one JSON document on standard output. */
export interface Output {
  readonly json: boolean;
  readonly line: (text?: string) => void;
  /** The answer of a command: `data` is its documented JSON shape, `render` what people read. */
  readonly answer: (data: unknown, render: () => void) => void;
  /** Progress and remarks: standard error, so that output can be piped. */
  readonly note: (text: string) => void;
}

export function createOutput(json: boolean): Output {
  const line = (text = "") => process.stdout.write(`${text}\n`);
  return {
    json,
    line,
    answer(data, render) {
      if (json) line(JSON.stringify(data, null, 2));
      else render();
    },
    note: (text) => process.stderr.write(`${text}\n`),
  };
}

/** For people beside a JSON document: their lines go to standard error then. */
export function beside(output: Output): Output {
  return output.json ? { ...output, json: false, line: (text = "") => output.note(text) } : output;
}

/** Text from agents and repositories may carry control characters; none of them reaches the terminal. */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Columns as wide as their widest cell, the last one free. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** `3 min`, `2 h 5 min`, `4 d`: how long ago, for people. */
export function since(instant: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** `in 12 min`, `now`: when something is due, for people. */
export function until(instant: string, now = Date.now()): string {
  const ms = Date.parse(instant) - now;
  return ms <= 0 ? "now" : `in ${since(new Date(now - ms).toISOString(), now)}`;
}

const statusColors: Partial<Record<SessionView["status"], (text: string) => string>> = {
  waiting: colors.yellow,
  approved: colors.green,
  merged: colors.green,
  failed: colors.red,
  rejected: colors.red,
  outdated: colors.yellow,
};

export function paintStatus(status: SessionView["status"], text: string): string {
  return (statusColors[status] ?? ((each: string) => each))(text);
}

export const heading = colors.bold;
export const faint = colors.dim;
