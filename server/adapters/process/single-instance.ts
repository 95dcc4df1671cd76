import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";

/** Held until released, or until the process dies in whatever way: the kernel frees it then. */
export interface SingleInstance {
  release(): void;
}

/**
 * Takes the lock that `path` stands for, or null where another process holds it. The file is an empty
 * SQLite database whose exclusive lock is the point, since Node has no flock; it is never removed.
 */
export function takeSingleInstance(path: string): SingleInstance | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    database.pragma("journal_mode = DELETE");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return null;
    throw error;
  }
  return {
    release() {
      if (database.open) database.close();
    },
  };
}
