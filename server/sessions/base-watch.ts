import { type FSWatcher, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "../ports.ts";
import type { RepositoryRow } from "./ports.ts";

/** One `git` command touches several files. */
const settleMs = 200;

/**
 * Calls when the base may have moved or a worktree may have gone: refs loose, packed and logged, and the list
 * of worktrees. A doorbell, not the truth.
 */
export async function watchBase(
  { commonDir, base, root }: RepositoryRow,
  clock: Clock,
  changed: () => void,
): Promise<() => void> {
  let cancel: (() => void) | null = null;
  // Not put off by each further ring: where agents are busy it never falls silent.
  const ring = () => {
    cancel ??= clock.after(settleMs, () => {
      cancel = null;
      changed();
    });
  };
  // Not with its parents: a repository that is gone stays gone.
  await mkdir(join(root, ".worktrees")).catch(() => undefined);
  const folders = new Set([
    // `packed-refs` and `HEAD` are replaced by rename, which only their folder tells.
    commonDir,
    dirname(join(commonDir, "refs", "heads", base)),
    dirname(join(commonDir, "logs", "refs", "heads", base)),
    join(commonDir, "worktrees"),
    join(commonDir, "hooks"),
    join(root, ".worktrees"),
  ]);
  const watchers = [...folders].flatMap((folder) => watchFolder(folder, ring) ?? []);
  return () => {
    cancel?.();
    for (const watcher of watchers) watcher.close();
  };
}

function watchFolder(folder: string, ring: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name !== null && (name.endsWith(".lock") || name === "index")) return;
      ring();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    // Not there in this repository; the other folders tell enough.
    return null;
  }
}
