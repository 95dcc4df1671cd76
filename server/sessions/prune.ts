import { access, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import type { CommandOutput } from "#lib/contract/wire.ts";
import type { ArchiveFacts } from "../ports.ts";
import { archivesOf, isOnlyCopy } from "./archives.ts";
import { keptFolder } from "./keep-work.ts";
import type { RepositoryRow, Retention, SessionRow } from "./ports.ts";
import { isThere } from "./repositories.ts";
import type { Room } from "./room.ts";
import { instanceDirectory } from "./session-files.ts";

export type Pruned = CommandOutput<"storage:prune">["pruned"][number];

const dayMs = 86_400_000;
const page = 200;

/**
 * Removes what has ended longer ago than the retention says: directories of sessions that hold no item's place,
 * and archive refs. What is not known to be old enough stays, and so does the only copy of work unless it is said
 * how long that is kept.
 */
export async function prune(
  room: Pick<Room, "home" | "store" | "git" | "clock">,
  retention: Retention,
  dryRun: boolean,
): Promise<Pruned[]> {
  const { store, git, clock, home } = room;
  const now = clock.now().getTime();
  const isOlder = (at: string | null, days: number) => at !== null && now - Date.parse(at) > days * dayMs;
  const pruned: Pruned[] = [];

  /** When it was kept; where git has forgotten that, when its session ended. */
  async function keptAt({ keptAt: at, session }: ArchiveFacts): Promise<string | null> {
    return at ?? (await store.session(session))?.view.endedAt ?? null;
  }

  async function pruneArchives(row: RepositoryRow) {
    for (const archive of await archivesOf(git, row)) {
      const at = await keptAt(archive);
      const days = isOnlyCopy(archive) ? retention.unmergedArchiveDays : retention.archiveDays;
      if (days === null || !isOlder(at, days)) continue;
      if (!dryRun) await git.moveRef(row.root, archive.ref, null, archive.commit, "pruned");
      pruned.push({
        kind: "archive",
        name: archive.ref,
        repository: row.id,
        why: `kept since ${at ?? ""}, longer than ${days} days`,
      });
    }
  }

  async function pruneSession(row: RepositoryRow, session: SessionRow) {
    const { directory, endedAt } = session.view;
    if (!isOlder(endedAt, retention.sessionDays)) return;
    // Only what is where we put sessions, and holds nothing that was moved aside for a person.
    const place = join(instanceDirectory(home, row), "isolated-sessions") + sep;
    const hasDirectory = await isPresent(directory);
    if (!hasDirectory || !directory.startsWith(place) || (await isPresent(join(directory, keptFolder))))
      return;
    if (!dryRun) await rm(directory, { recursive: true, force: true });
    pruned.push({
      kind: "session",
      name: session.id,
      repository: row.id,
      why: `ended ${endedAt ?? ""}, longer than ${retention.sessionDays} days ago`,
    });
  }

  for (const row of await store.repositories()) {
    if (!(await isThere(row))) continue;
    await pruneArchives(row).catch((error: unknown) => {
      console.error(`Archives of ${row.name} were not pruned:`, error);
    });
    for (let before: string | null = null; ;) {
      const sessions: SessionRow[] = await store.sessions({
        repository: row.id,
        open: false,
        before,
        limit: page,
      });
      for (const session of sessions) await pruneSession(row, session);
      const last = sessions.at(-1);
      if (sessions.length < page || !last) break;
      before = `${last.view.createdAt}/${last.id}`;
    }
  }
  return pruned;
}

function isPresent(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
