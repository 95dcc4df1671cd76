import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { styleText } from "node:util";

export type LogLevel = "info" | "warning" | "error";

/** The server's own log: one JSON object a line in a file, and the same for people on a terminal. */
export interface Logbook {
  readonly file: string;
  write(level: LogLevel, text: string, fields?: Readonly<Record<string, unknown>>): void;
  /** For errors that nobody was told in full. */
  error(error: unknown, during: string): void;
}

const largestBytes = 10_000_000;

/** `echo` false keeps quiet on standard error. Log lines never hold tokens: nothing that carries one is given to it. */
export function openLogbook(folder: string, { echo = true } = {}): Logbook {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, "server.log");

  function write(level: LogLevel, text: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const at = new Date().toISOString();
    const line = `${JSON.stringify({ at, level, text, ...fields })}\n`;
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestBytes)
        renameSync(file, `${file}.1`);
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk must not end a server that could still serve.
    }
    if (!echo) return;
    process.stderr.write(process.stderr.isTTY ? `${forPeople(at, level, text)}\n` : line);
  }

  return {
    file,
    write,
    error(error, during) {
      const text = error instanceof Error ? error.message : String(error);
      write("error", text, { during, ...(error instanceof Error ? { stack: error.stack } : {}) });
    },
  };
}

function forPeople(at: string, level: LogLevel, text: string): string {
  const time = styleText("dim", at.slice(11, 19));
  return level === "info"
    ? `${time} ${text}`
    : `${time} ${styleText(level === "error" ? "red" : "yellow", level)} ${text}`;
}
