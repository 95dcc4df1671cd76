import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, realpath } from "node:fs/promises";
import path from "node:path";
import { ProblemError } from "#server/application.ts";

/** An open log and what it was when it was opened. */
export interface LogFile {
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/**
 * Opens a log for reading, or answers null where there is none yet. An agent may put anything in its place: a link, a pipe, a
 * folder that leads elsewhere. Only a plain file inside the session's directory is opened.
 */
export async function openLogFile(file: string, directory: string): Promise<LogFile | null> {
  const inside = path.relative(directory, file);
  if (inside === "" || inside.startsWith("..") || path.isAbsolute(inside)) throw notALog();
  let handle: FileHandle;
  try {
    await requireInside(await realpath(path.dirname(file)), directory);
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    if (isCode(error, "ELOOP") || isCode(error, "ENOTDIR") || isCode(error, "ENXIO")) throw notALog();
    throw error;
  }
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw notALog();
    await requireInside(await placeOf(handle, file), directory);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Where the open file really is: a folder on the way may have been swapped since it was looked at. */
async function placeOf(handle: FileHandle, file: string): Promise<string> {
  try {
    return await realpath(`/proc/self/fd/${handle.fd}`);
  } catch {
    // Without /proc, or when the file was removed meanwhile, its folder has to do.
    return path.join(await realpath(path.dirname(file)), path.basename(file));
  }
}

async function requireInside(place: string, directory: string): Promise<void> {
  const root = await realpath(directory);
  if (place !== root && !place.startsWith(root + path.sep)) throw notALog();
}

function notALog(): ProblemError {
  return new ProblemError("forbidden", "What is in the log's place is not a plain file of this session.");
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

interface Seen {
  readonly identity: string;
  readonly size: bigint;
  readonly cuts: number;
}

const remembered = 2000;

/** Tells when a file was replaced or cut, which byte offsets alone cannot. */
export class Generations {
  readonly #seen = new Map<string, Seen>();

  /** A number that stays while the file only grows; it changes when the file is another, or shorter than before. */
  of(file: string, stats: Pick<BigIntStats, "dev" | "ino" | "birthtimeNs" | "size">): number {
    const identity = `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
    const before = this.#seen.get(file);
    const isSame = before?.identity === identity;
    const cuts = isSame ? before.cuts + (stats.size < before.size ? 1 : 0) : 0;
    this.#seen.delete(file);
    this.#seen.set(file, { identity, size: stats.size, cuts });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > remembered && oldest !== undefined) this.#seen.delete(oldest);
    return createHash("sha256").update(`${identity}:${cuts}`).digest().readUIntBE(0, 6);
  }
}
