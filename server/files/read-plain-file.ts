import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Text that somebody else put there: a plain file of a bearable size, or it throws; it never waits for a pipe. */
export async function readPlainFile(
  file: string,
  { limitBytes, followLink }: { limitBytes: number; followLink: boolean },
): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (followLink ? 0 : constants.O_NOFOLLOW);
  const handle = await open(file, flags);
  try {
    const facts = await handle.stat();
    if (facts.isDirectory()) throw new Error("it is a folder");
    if (!facts.isFile()) throw new Error("it is no plain file");
    if (facts.size > limitBytes) throw new Error(`it is longer than ${limitBytes} bytes`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

const words: Readonly<Record<string, string>> = {
  ELOOP: "it is a link",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
  ENOENT: "it is not there",
  ENOTDIR: "it is no folder",
};

/** Why a file could not be read, as the end of a sentence. */
export function whyUnread(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return words[code] ?? message;
}
