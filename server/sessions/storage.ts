import { lstat, readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { StorageView } from "#lib/contract/wire.ts";
import { archivesOf, isOnlyCopy } from "./archives.ts";
import type { RepositoryRow, Upkeep } from "./ports.ts";
import type { Room } from "./room.ts";
import { instanceDirectory } from "./session-files.ts";

/** Measuring walks over every file of every worktree, so one measure serves everybody for so long. */
const freshMs = 5 * 60_000;

/** What lies where; never measured twice at the same time, and never for somebody who does not ask. */
export function createStorage(
  room: Pick<Room, "home" | "store" | "git" | "clock">,
  upkeep: Upkeep,
): { read(): Promise<StorageView>; last(): StorageView | null; forget(): void } {
  const { home, store, git, clock } = room;
  let last: StorageView | null = null;
  let measuring: Promise<StorageView> | null = null;

  async function ofRepository(row: RepositoryRow): Promise<StorageView["repositories"][number]> {
    const sessions = join(instanceDirectory(home, row), "isolated-sessions");
    const worktrees = join(row.root, ".worktrees");
    const [sizes, sessionCount, worktreeCount, archives, archiveBytes] = await Promise.all([
      upkeep.measure([sessions, worktrees]),
      countOf(sessions),
      countOf(worktrees),
      archivesOf(git, row).catch(() => []),
      git.archiveBytes(row.root).catch(() => 0),
    ]);
    return {
      repository: row.id,
      name: row.name,
      sessions: { count: sessionCount, bytes: sizes.get(sessions) ?? 0 },
      worktrees: { count: worktreeCount, bytes: sizes.get(worktrees) ?? 0 },
      archives: {
        count: archives.length,
        bytes: archiveBytes,
        onlyCopies: archives.filter(isOnlyCopy).length,
      },
    };
  }

  async function measure(): Promise<StorageView> {
    const repositories: StorageView["repositories"] = [];
    for (const row of await store.repositories()) repositories.push(await ofRepository(row));
    const { bavail, bsize } = await statfs(home);
    const files = ["amplify.db", "amplify.db-wal"].map((name) =>
      stat(join(home, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    const databaseBytes = (await Promise.all(files)).reduce((sum, size) => sum + size, 0);
    return {
      measuredAt: clock.now().toISOString(),
      freeBytes: bavail * bsize,
      databaseBytes,
      backups: await upkeep.backups(),
      repositories,
    };
  }

  function begin(): Promise<StorageView> {
    measuring ??= measure()
      .then((found) => (last = found))
      .finally(() => (measuring = null));
    return measuring;
  }

  return {
    async read() {
      if (last === null) return begin();
      const age = clock.now().getTime() - Date.parse(last.measuredAt);
      // The old one is answered while the new one is measured.
      if (age > freshMs) begin().catch(() => undefined);
      return last;
    },
    last: () => last,
    forget: () => (last = null),
  };
}

async function countOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const kinds = await Promise.all(
    names
      .filter((name) => !name.startsWith("."))
      .map((name) =>
        lstat(join(folder, name)).then(
          (facts) => facts.isDirectory(),
          () => false,
        ),
      ),
  );
  return kinds.filter(Boolean).length;
}
