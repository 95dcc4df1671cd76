import { createHash } from "node:crypto";
import { watch, type FSWatcher } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Item } from "#lib/domain/item.ts";
import type { Clock } from "#server/ports.ts";

const debounceMs = 300;
/** With files to watch the poll only catches what they missed; a database elsewhere has nothing but it. */
const pollWithFilesMs = 60_000;
const pollAloneMs = 5_000;
/** A slow tracker may be kept busy by us for a tenth of the time at most. */
const backOff = 10;

/**
 * Rings when the backlog may have changed. Reading touches the database files in every era, so a sign
 * in the folder rings only when something changed that only writes change: the exported JSONL of the
 * SQLite era, the size of the chunk files and the manifest of the Dolt era.
 */
export function watchBeads(order: {
  repository: string;
  clock: Clock;
  list: () => Promise<readonly Item[]>;
  changed: () => void;
}): () => void {
  const { clock, changed } = order;
  const beads = join(order.repository, ".beads");
  const watchers = new Map<string, FSWatcher>();
  let stopped = false;
  let cancelDebounce: (() => void) | null = null;
  let cancelPoll: (() => void) | null = null;
  let seenFiles: string | null = null;
  let seenItems: string | null = null;

  async function look() {
    cancelDebounce = null;
    const files = await fingerprint(beads);
    if (stopped || files === seenFiles) return;
    const first = seenFiles === null;
    seenFiles = files;
    void arm();
    if (!first) changed();
  }

  function noticed() {
    cancelDebounce?.();
    cancelDebounce = clock.after(debounceMs, () => void look());
  }

  async function arm() {
    for (const folder of [beads, ...(await chunkFolders(beads))]) {
      if (stopped || watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, noticed);
        const drop = () => {
          watcher.close();
          watchers.delete(folder);
        };
        watcher.on("error", drop);
        watchers.set(folder, watcher);
      } catch {
        continue;
      }
    }
  }

  async function poll() {
    await baseline;
    const started = clock.now().getTime();
    const items = await order.list().then(digest, () => seenItems);
    if (stopped) return;
    if (seenItems !== null && items !== seenItems) changed();
    seenItems = items;
    await arm();
    const took = clock.now().getTime() - started;
    plan(Math.max(seenFiles ? pollWithFilesMs : pollAloneMs, backOff * took));
  }

  function plan(ms: number) {
    if (!stopped) cancelPoll = clock.after(ms, () => void poll());
  }

  const baseline = arm().then(look);
  plan(pollAloneMs);

  return () => {
    stopped = true;
    cancelDebounce?.();
    cancelPoll?.();
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

/** The folders that hold Dolt's chunks and manifest, of which there is one per database. */
async function chunkFolders(beads: string): Promise<string[]> {
  const root = join(beads, "embeddeddolt");
  const databases = await readdir(root, { withFileTypes: true }).catch(() => []);
  return databases.filter((each) => each.isDirectory()).map(({ name }) => join(root, name, ".dolt", "noms"));
}

/** The manifest is read itself; the index is rebuilt by readers, and locks say nothing. */
const notChunks = new Set(["manifest", "journal.idx", "LOCK"]);

/** Empty when there is nothing local that a write would change. */
async function fingerprint(beads: string): Promise<string> {
  const exported = await stat(join(beads, "issues.jsonl")).catch(() => null);
  const parts = exported ? [`${exported.size}:${exported.mtimeMs}`] : [];
  for (const folder of await chunkFolders(beads)) {
    parts.push(await readFile(join(folder, "manifest"), "latin1").catch(() => ""));
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      const chunk = notChunks.has(name) ? null : await stat(join(folder, name)).catch(() => null);
      if (chunk?.isFile()) parts.push(`${name}:${chunk.size}`);
    }
  }
  return parts.join("\n");
}

function digest(items: readonly Item[]): string {
  const hash = createHash("sha256");
  for (const item of items.map((each) => JSON.stringify(each)).sort()) hash.update(`${item}\n`);
  return hash.digest("hex");
}
