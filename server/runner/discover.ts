import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { stateSchema } from "#lib/contract/files.ts";
import { isRepositoryId, isSessionId } from "#lib/domain/ids.ts";
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
  const time = (name: string) =>
    stat(join(directory, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  const [state, events, inbox] = await Promise.all([time("state.json"), time("events.jsonl"), time("inbox")]);
  if (state === 0 || events > state || inbox > state) return null;
  try {
    const text = await readWhole(join(directory, "state.json"), 1 << 20);
    const isAtRest = text !== null && atRest.has(stateSchema.parse(JSON.parse(text)).status);
    return isAtRest ? now.getTime() - state : null;
  } catch {
    return null;
  }
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
