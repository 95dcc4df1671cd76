import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import type { Clock } from "#server/ports.ts";

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly at: string;
}

const named = /^\d{4}-\d\d-\d\dT[\d-]+Z\.sqlite$/;

export function backupFolder(database: string): string {
  return join(dirname(database), "backups");
}

/**
 * Copies the database while it is in use, whole and checked: what cannot be checked does not take the place of
 * a backup. Only the newest `keep` stay.
 */
export async function backUp(order: { file: string; clock: Clock; keep: number }): Promise<Backup> {
  const folder = backupFolder(order.file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = order.clock.now().toISOString();
  const target = join(folder, `${at.replace(/[:.]/g, "-")}.sqlite`);
  const part = `${target}.part`;
  try {
    const source = new Sqlite(order.file, { readonly: true });
    try {
      await source.backup(part);
    } finally {
      source.close();
    }
    check(part);
    await chmod(part, 0o600);
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  for (const old of (await listBackups(order.file)).slice(order.keep)) await rm(old.file, { force: true });
  return { file: target, bytes: (await stat(target)).size, at };
}

/** The newest first. */
export async function listBackups(file: string): Promise<Backup[]> {
  const folder = backupFolder(file);
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => named.test(name))
    .sort()
    .reverse();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtime } = await stat(join(folder, name));
      return { file: join(folder, name), bytes: size, at: mtime.toISOString() };
    }),
  );
}

/** One file and nothing beside it, which is looked through from its beginning to its end. */
function check(file: string) {
  const copy = new Sqlite(file);
  try {
    copy.pragma("journal_mode = DELETE");
    const finding: unknown = copy.pragma("quick_check(1)", { simple: true });
    if (finding !== "ok") throw new Error(`The copy is damaged: ${String(finding)}`);
  } finally {
    copy.close();
  }
}
