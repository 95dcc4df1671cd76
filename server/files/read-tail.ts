import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** The whole lines within the last `bytes` of a regular file; none where it is no such file. */
export async function readTail(path: string, bytes: number): Promise<string[]> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!file) return [];
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return [];
    const start = Math.max(0, facts.size - bytes);
    const buffer = Buffer.alloc(facts.size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n").slice(0, -1);
    return start > 0 ? lines.slice(1) : lines;
  } finally {
    await file.close();
  }
}
