import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { stateSchema } from "#lib/contract/files.ts";
import { isRepositoryId, isSessionId } from "#lib/domain/ids.ts";
import { mailNumber } from "./inbox.ts";
import { readWhole } from "./safe-file.ts";

/** Absolute paths of all session directories of a data folder. */
export async function sessionDirectories(home: string): Promise<string[]> {
  const workspaces = join(home, "workspaces");
  const found: string[] = [];
  for (const repository of await names(workspaces)) {
    for (const instance of await names(join(workspaces, repository))) {
      const folder = join(workspaces, repository, instance, "isolated-sessions");
      for (const session of await names(folder)) {
        const directory = join(folder, session);
        if (isSessionDirectory(home, directory)) found.push(directory);
      }
    }
  }
  return found;
}

/** The only places that a ring may send us to. */
export function isSessionDirectory(home: string, directory: string): boolean {
  const [workspaces, repository = "", instance = "", sessions, session = "", ...rest] = relative(
    home,
    directory,
  ).split(sep);
  return (
    workspaces === "workspaces" &&
    isRepositoryId(repository) &&
    /^instance-[0-9a-f-]{36}$/.test(instance) &&
    sessions === "isolated-sessions" &&
    isSessionId(session) &&
    rest.length === 0
  );
}

/** No link on the way: `realpath` of a session directory is itself. */
export async function isUnlinked(home: string, directory: string): Promise<boolean> {
  const [root, real] = await Promise.all([realpath(home), realpath(directory).catch(() => null)]);
  return real !== null && relative(root, real) === relative(home, directory);
}

const atRest = new Set(["approved", "rejected", "failed", "stopped", "interrupted"]);

/**
 * How long ago a session came to rest, about which nothing has been written since, so that it need not
 * be opened; null for all others. Cheap, since there may be very many of them.
 */
export async function restedForMs(directory: string, now: Date): Promise<number | null> {
  const path = join(directory, "state.json");
  try {
    const text = await readWhole(path, 1 << 20);
    if (text === null) return null;
    const state = stateSchema.parse(JSON.parse(text));
    if (!atRest.has(state.status) || (await lastSeq(directory)) !== state.seq) return null;
    if ((await names(join(directory, "inbox"))).some((name) => mailNumber(name) > state.handled)) return null;
    return now.getTime() - (await stat(path)).mtimeMs;
  } catch {
    // Whatever is wrong with it, opening the session repairs it.
    return null;
  }
}

/** From the end of the journal; null where its last line is torn or very long. */
async function lastSeq(directory: string): Promise<number | null> {
  const file = await open(join(directory, "events.jsonl"), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 128 << 10);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const seq = /(?:^|\n)\{"seq":(\d+),[^\n]*\n$/.exec(buffer.toString("utf8"))?.[1];
    return seq === undefined ? null : Number(seq);
  } finally {
    await file.close();
  }
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
