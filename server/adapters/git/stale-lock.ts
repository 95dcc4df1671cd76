import { existsSync } from "node:fs";
import { readdir, readFile, readlink, realpath, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A lock as young as this may belong to a git that is just being started or just leaves. */
const youngestStaleMs = 2_000;
/** Where open files cannot be seen, a lock this old has no living holder. */
const oldestLivingMs = 10 * 60_000;

export type LockState = "none" | "removed" | "held";

/** Removes a lock file that a dead git left behind; one that a living process may hold stays. */
export async function removeStaleLock(file: string, checkout: string | null = null): Promise<LockState> {
  const state = await lockState(file, checkout);
  if (state !== "dead") return state;
  await rm(file, { force: true });
  return "removed";
}

/**
 * Whether somebody holds a lock file. A git that waits in an editor holds the lock of its index without having
 * it open: so where `checkout` is given, a git that is at work there counts as the holder.
 */
export async function lockState(file: string, checkout: string | null): Promise<"none" | "held" | "dead"> {
  const facts = await stat(file).catch(() => null);
  if (facts === null) return "none";
  const ageMs = Date.now() - facts.mtimeMs;
  if (ageMs < youngestStaleMs) return "held";
  const isHeld = await isHeldSomewhere(file, checkout);
  return (isHeld ?? ageMs < oldestLivingMs) ? "held" : "dead";
}

/** Null where the system does not say. Processes of other people are not seen; they cannot hold our locks either. */
async function isHeldSomewhere(file: string, checkout: string | null): Promise<boolean | null> {
  const processes = await readdir("/proc").catch(() => null);
  if (processes === null) return null;
  const home = checkout === null ? null : await realpath(checkout).catch(() => checkout);
  for (const pid of processes.filter((name) => /^\d+$/.test(name))) {
    const about = join("/proc", pid);
    if (home !== null && (await isGitIn(about, home))) return true;
    for (const descriptor of await readdir(join(about, "fd")).catch(() => [])) {
      if ((await readlink(join(about, "fd", descriptor)).catch(() => "")) === file) return true;
    }
  }
  return false;
}

/** Not one in another worktree below it, which has an index of its own. */
async function isGitIn(about: string, checkout: string): Promise<boolean> {
  const name = await readFile(join(about, "comm"), "utf8").catch(() => "");
  if (!/^git(?:-|\n)/.test(name)) return false;
  let folder = await readlink(join(about, "cwd")).catch(() => "/");
  while (folder !== dirname(folder) && !existsSync(join(folder, ".git"))) folder = dirname(folder);
  return folder === checkout;
}
