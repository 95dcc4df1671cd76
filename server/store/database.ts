import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import Sqlite from "better-sqlite3";
import type { Clock } from "#server/ports.ts";
import { PrismaClient } from "./generated/client.ts";
import { backupFolder } from "./backups.ts";
import { migrate } from "./migrate.ts";

/** The database cannot be trusted as it is; `file` is left untouched. */
export class DamagedDatabaseError extends Error {
  override readonly name = "DamagedDatabaseError";
  readonly file: string;

  constructor(file: string, finding: string) {
    super(
      `${file} is damaged (${finding}). It was left as it is. Move it aside together with its -wal and -shm files, copy the newest file of ${backupFolder(file)} in its place and start again; what happened since then is taken in from the sessions' own files.`,
    );
    this.file = file;
  }
}

const defaultBackups = 10;

/** Where the database of a data folder is. */
export function databaseFile(home: string): string {
  return join(home, "amplify.db");
}

export interface Database {
  readonly prisma: PrismaClient;
  close(): Promise<void>;
}

/**
 * Opens the data folder's database: checked, migrated, and with settings under which what was
 * committed outlasts power loss. The caller holds the lock of the data folder.
 */
export async function openDatabase(order: {
  file: string;
  migrations: string;
  clock: Clock;
  /** How many copies from before migrations are kept. */
  backups?: number;
}): Promise<Database> {
  const { file } = order;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const raw = new Sqlite(file);
  try {
    await chmod(file, 0o600);
    check(raw, file);
    // Kept in the file: every later connection writes ahead too.
    raw.pragma("journal_mode = WAL");
    raw.pragma("synchronous = FULL");
    await migrate({
      database: raw,
      folder: order.migrations,
      clock: order.clock,
      backups: order.backups ?? defaultBackups,
    });
  } finally {
    raw.close();
  }
  const prisma = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${file}`, timeout: 5000 }),
  });
  for (const setting of ["synchronous = FULL", "busy_timeout = 5000", "foreign_keys = ON"]) {
    await prisma.$queryRawUnsafe(`PRAGMA ${setting}`);
  }
  return { prisma, close: () => prisma.$disconnect() };
}

function check(database: Sqlite.Database, file: string) {
  let finding: unknown;
  try {
    finding = database.pragma("quick_check(1)", { simple: true });
  } catch (error) {
    // A disk that is full or read-only says nothing about the file.
    if (!(error instanceof Sqlite.SqliteError) || !/^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code)) throw error;
    finding = error.message;
  }
  if (finding !== "ok") throw new DamagedDatabaseError(file, String(finding));
}
