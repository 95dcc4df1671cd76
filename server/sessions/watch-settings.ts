import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../ports.ts";
import type { RepositoryRow } from "./ports.ts";

/** An editor replaces a file in several steps. */
const settleMs = 200;

/** In the root, and below it, what a repository's settings are made of. */
const parts: readonly [folder: string, names: RegExp][] = [
  ["", /^(?:amplify\.config\.json|package\.json|\.amplify|\.beads)$/],
  [".amplify", /^agents$/],
  [join(".amplify", "agents"), /\.md$/],
];

/** Calls when the configuration, a role prompt or the kind of the backlog may have changed. A doorbell, not the truth. */
export function watchSettings({ root }: RepositoryRow, clock: Clock, changed: () => void): () => void {
  let cancel: (() => void) | null = null;
  let watchers = open();

  function open(): FSWatcher[] {
    return parts.flatMap(([folder, names]) => watchFolder(join(root, folder), names, ring) ?? []);
  }

  function close() {
    for (const watcher of watchers) watcher.close();
  }

  function ring() {
    cancel ??= clock.after(settleMs, () => {
      cancel = null;
      // A folder may have come, gone, or been replaced.
      close();
      watchers = open();
      changed();
    });
  }

  return () => {
    cancel?.();
    close();
  };
}

function watchFolder(folder: string, names: RegExp, ring: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name === null || names.test(name)) ring();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
