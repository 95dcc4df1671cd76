import { readdir, readlink, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A lock as young as this may belong to a git that is just being started or just leaves. */
const youngestStaleMs = 2_000;
/** Where open files cannot be seen, a lock this old has no living holder. */
const oldestLivingMs = 10 * 60_000;

export type LockState = "none" | "removed" | "held";

/** Removes a lock file that a dead git left behind; one that a living process has open stays. */
export async function removeStaleLock(file: string, now = Date.now()): Promise<LockState> {
  const facts = await stat(file).catch(() => null);
  if (facts === null) return "none";
  const ageMs = now - facts.mtimeMs;
  if (ageMs < youngestStaleMs) return "held";
  const open = await isOpenSomewhere(file);
  if (open ?? ageMs < oldestLivingMs) return "held";
  await rm(file, { force: true });
  return "removed";
}

/** Null where the system does not say. Processes of other people are not seen; they cannot hold our locks either. */
async function isOpenSomewhere(file: string): Promise<boolean | null> {
  const processes = await readdir("/proc").catch(() => null);
  if (processes === null) return null;
  for (const pid of processes.filter((name) => /^\d+$/.test(name))) {
    const folder = join("/proc", pid, "fd");
    for (const descriptor of await readdir(folder).catch(() => [])) {
      if ((await readlink(join(folder, descriptor)).catch(() => "")) === file) return true;
    }
  }
  return false;
}
