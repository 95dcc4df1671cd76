import type { FileHandle } from "node:fs/promises";
import type { Redactor } from "./redact.ts";

/** A stretch of a log as people see it: redacted, and whole characters only. */
export interface LogView {
  readonly offset: number;
  readonly next: number;
  readonly text: string;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Size of the file. */
  readonly size: number;
  /** Where the end is cut: after the last line where there is one (`line`), or after the last character. */
  readonly cut: "line" | "character";
  /** Begin with a whole line, where one begins in the stretch. */
  readonly fromLine?: boolean;
}

/**
 * Reads the bytes `from` to `to`. It begins earlier where `from` is inside a character, and ends earlier where `to` is inside
 * a character or, where asked for, a line.
 */
export async function readView(handle: FileHandle, redactor: Redactor, stretch: Stretch): Promise<LogView> {
  const { to, size } = stretch;
  const start = Math.max(0, stretch.from - redactor.behindBytes);
  const raw = await readFully(handle, start, Math.min(size, to + redactor.aheadBytes));
  const lineStart = stretch.fromLine ? raw.indexOf(0x0a, stretch.from - start) + 1 : 0;
  const isLineInside = lineStart > 0 && start + lineStart < to;
  const from = start + (isLineInside ? lineStart : characterStart(raw, stretch.from - start));
  const covered = redactor.redact(raw, { open: start + raw.length >= size });
  const bytes = covered.subarray(from - start, Math.max(from, to) - start);
  const lines = stretch.cut === "line" ? bytes.lastIndexOf(0x0a) + 1 : 0;
  const kept = bytes.subarray(0, lines > 0 ? lines : wholeCharacters(bytes));
  return { offset: from, next: from + kept.length, text: kept.toString("utf8") };
}

/** Less than asked for only where the file ends. */
async function readFully(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Bytes that a character has which begins with this one; 1 for what begins none. */
function lengthOf(lead: number): number {
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
}

function characterStart(bytes: Buffer, at: number): number {
  for (let back = 1; back <= 3 && back <= at && isContinuation(bytes[at]); back++) {
    const lead = bytes[at - back] ?? 0;
    if (!isContinuation(lead)) return lengthOf(lead) > back ? at - back : at;
  }
  return at;
}

/** How many bytes are left when a character that is only begun at the end is left off. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
