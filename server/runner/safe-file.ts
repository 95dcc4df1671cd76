import { constants } from "node:fs";
import { link, mkdir, open, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { randomUUID } from "node:crypto";

/** A file of the session directory that is not what its writer would have left: a link, a folder, too large. */
export class UntrustedFileError extends Error {
  override readonly name = "UntrustedFileError";
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${basename(path)} ${why}.`);
    this.path = path;
  }
}

/** The whole text of a regular file, null where there is none; throws {@link UntrustedFileError}. */
export async function readWhole(path: string, limitBytes: number): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      if (code === "ELOOP") throw new UntrustedFileError(path, "is a link");
      throw error;
    },
  );
  if (!file) return null;
  try {
    const { size } = await regular(path, file);
    if (size > limitBytes) throw new UntrustedFileError(path, `is larger than ${limitBytes} bytes`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

async function regular(path: string, file: Awaited<ReturnType<typeof open>>) {
  const facts = await file.stat();
  if (!facts.isFile()) throw new UntrustedFileError(path, "is not a file");
  return facts;
}

/** Keeps what is to be replaced under `quarantine/`, while it stays in its place: a crash leaves one or the other. Null where there is nothing. */
export async function setAside(directory: string, path: string, stamp: string): Promise<string | null> {
  const kept = await placeAside(directory, path, stamp);
  try {
    await link(path, kept);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    // A folder cannot be linked, and nothing of ours is in it.
    await rename(path, kept);
  }
  return kept;
}

/** Moves what cannot be trusted aside, under `quarantine/`, where people can look at it. */
export async function quarantine(directory: string, path: string, stamp: string): Promise<string> {
  const kept = await placeAside(directory, path, stamp);
  await rename(path, kept);
  return kept;
}

async function placeAside(directory: string, path: string, stamp: string): Promise<string> {
  const folder = join(directory, "quarantine");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${stamp.replace(/[^0-9TZ]/g, "")}-${randomUUID().slice(0, 8)}-${basename(path)}`);
}
