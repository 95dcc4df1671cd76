import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type Sqlite from "better-sqlite3";
import type { Clock } from "#server/ports.ts";
import { backUp } from "./backups.ts";

/** Applied migrations and those of this version do not fit together; nothing was changed. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Prisma's own table, so that `prisma migrate` agrees with us about what was applied. */
const bookkeeping = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/**
 * Applies what is missing of `folder`, in the order of the names, each in its own transaction, after
 * a copy of the file was put into `backups/`. Throws {@link MigrationError} where an applied migration
 * was altered, or where the database was written by a newer version. Resolves to the names applied.
 */
export async function migrate(order: {
  database: Sqlite.Database;
  folder: string;
  clock: Clock;
  /** How many copies are kept. */
  backups: number;
}): Promise<string[]> {
  const { database, clock } = order;
  const migrations = await readMigrations(order.folder);
  const isNew = database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() === undefined;
  database.exec(bookkeeping);
  const applied = database
    .prepare(
      `SELECT migration_name AS name, checksum FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
    )
    .all() as { name: string; checksum: string }[];
  for (const { name, checksum } of applied) {
    const known = migrations.find((migration) => migration.name === name);
    if (!known) throw new MigrationError(`The database was written by a newer version (${name}).`);
    if (known.checksum !== checksum)
      throw new MigrationError(`The migration ${name} was altered afterwards.`);
  }
  const done = new Set(applied.map(({ name }) => name));
  const missing = migrations.filter(({ name }) => !done.has(name));
  if (missing.length > 0 && !isNew) await backUp({ file: database.name, clock, keep: order.backups });
  for (const migration of missing) apply(database, migration, clock);
  return missing.map(({ name }) => name);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

function apply(database: Sqlite.Database, migration: Migration, clock: Clock) {
  const startedAt = clock.now().getTime();
  // Rebuilding a table drops what points to it; the check afterwards finds what does not fit any more.
  database.pragma("foreign_keys = OFF");
  database
    .transaction(() => {
      database.exec(migration.sql);
      const broken = database.pragma("foreign_key_check") as unknown[];
      if (broken.length > 0) throw new MigrationError(`${migration.name} leaves rows that point nowhere.`);
      database
        .prepare(
          `INSERT INTO _prisma_migrations
             (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
           VALUES (?, ?, ?, ?, ?, 1)`,
        )
        .run(randomUUID(), migration.checksum, clock.now().getTime(), migration.name, startedAt);
    })
    .immediate();
  database.pragma("foreign_keys = ON");
}
