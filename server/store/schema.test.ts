import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DamagedDatabaseError, openDatabase } from "./database.ts";
import { backUp, listBackups } from "./backups.ts";
import { MigrationError } from "./migrate.ts";

const migrations = resolve("prisma/migrations");
const clock = { now: () => new Date("2026-01-01T00:00:00Z"), after: () => () => undefined };

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly primaryKey: number;
  readonly default: string | null;
}

interface Table {
  readonly columns: readonly Column[];
  readonly indexes: readonly string[];
  readonly references: readonly string[];
}

/** A column that came later stands last in the database and where it belongs in the schema. */
const byName = (a: Column, b: Column) => (a.name < b.name ? -1 : 1);

/** What `schema.prisma` says, read with the rules that Prisma has for SQLite. */
function tablesOfSchema(schema: string): Map<string, Table> {
  const models = new Map(
    [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
  const listOf = (text: string) => text.split(",").map((each) => each.trim());
  return new Map(
    [...models].map(([model, body]) => {
      const lines = body.split("\n").map((line) => line.trim());
      const key = listOf(/^@@id\(\[(.*)\]\)/m.exec(lines.join("\n"))?.[1] ?? "").filter(
        (each) => each !== "",
      );
      const columns: Column[] = [];
      const indexes: string[] = [];
      const references: string[] = [];
      for (const line of lines) {
        const block = /^@@(index|unique)\(\[(.*)\]\)/.exec(line);
        if (block) indexes.push(`${block[1] ?? ""} ${listOf(block[2] ?? "").join(",")}`);
        const field = /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line);
        if (!field || line.startsWith("//") || line.startsWith("@@")) continue;
        const [, name = "", type = "", mark, attributes = ""] = field;
        if (models.has(type)) {
          const relation = /fields: \[(\w+)\], references: \[(\w+)\]/.exec(attributes);
          if (relation) references.push(`${relation[1] ?? ""} -> ${type}.${relation[2] ?? ""}`);
          continue;
        }
        if (attributes.includes("@unique")) indexes.push(`unique ${name}`);
        columns.push({
          name,
          type: { String: "TEXT", Int: "INTEGER", Boolean: "BOOLEAN" }[type] ?? type,
          isRequired: mark !== "?",
          primaryKey: attributes.includes("@id") ? 1 : key.indexOf(name) + 1,
          default: /@default\((\d+|true|false|".*")\)/.exec(attributes)?.[1]?.replaceAll('"', "'") ?? null,
        });
      }
      return [
        model,
        { columns: columns.sort(byName), indexes: indexes.sort(), references: references.sort() },
      ];
    }),
  );
}

function tablesOfDatabase(database: Sqlite.Database): Map<string, Table> {
  const names = database
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_prisma_migrations'",
    )
    .pluck()
    .all() as string[];
  return new Map(
    names.map((name) => {
      const columns = database.pragma(`table_info("${name}")`) as {
        name: string;
        type: string;
        notnull: number;
        pk: number;
        dflt_value: string | null;
      }[];
      const indexes = database.pragma(`index_list("${name}")`) as {
        name: string;
        unique: number;
        origin: string;
      }[];
      const keys = database.pragma(`foreign_key_list("${name}")`) as {
        from: string;
        table: string;
        to: string;
      }[];
      return [
        name,
        {
          columns: columns
            .map((each) => ({
              name: each.name,
              type: each.type,
              isRequired: each.notnull === 1,
              primaryKey: each.pk,
              default: each.dflt_value,
            }))
            .sort(byName),
          indexes: indexes
            .filter(({ origin }) => origin === "c")
            .map((index) => {
              const parts = database.pragma(`index_info("${index.name}")`) as { name: string }[];
              const kind = index.unique === 1 ? "unique" : "index";
              return `${kind} ${parts.map((part) => part.name).join(",")}`;
            })
            .sort(),
          references: keys.map(({ from, table, to }) => `${from} -> ${table}.${to}`).sort(),
        },
      ];
    }),
  );
}

describe("the database", () => {
  let folder = "";
  let file = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "amplify-store-"));
    file = join(folder, "amplify.sqlite");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = async (from = migrations) => (await openDatabase({ file, migrations: from, clock })).close();
  const raw = <Result>(use: (database: Sqlite.Database) => Result) => {
    const database = new Sqlite(file);
    try {
      return use(database);
    } finally {
      database.close();
    }
  };

  it("[F1] the migrations make exactly what the schema says", async () => {
    await open();
    const wanted = tablesOfSchema(await readFile(resolve("prisma/schema.prisma"), "utf8"));
    expect(wanted.size).toBeGreaterThan(10);
    expect(Object.fromEntries(raw(tablesOfDatabase))).toEqual(Object.fromEntries(wanted));
  });

  it("[F2] opens with write-ahead log, full sync and foreign keys, readable by its person only", async () => {
    const database = await openDatabase({ file, migrations, clock });
    const pragma = async (name: string) =>
      Object.values(
        (await database.prisma.$queryRawUnsafe<object[]>(`PRAGMA ${name}`))[0] ?? {},
      )[0] as unknown;
    expect(await pragma("journal_mode")).toBe("wal");
    expect(Number(await pragma("synchronous"))).toBe(2);
    expect(Number(await pragma("foreign_keys"))).toBe(1);
    expect(Number(await pragma("busy_timeout"))).toBe(5000);
    await database.close();
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it("[F3] applies each migration once, after a backup, and records it as Prisma does", async () => {
    await open();
    await open();
    expect(await readdir(folder)).not.toContain("backups");
    const more = join(folder, "migrations");
    await cp(migrations, more, { recursive: true });
    await mkdir(join(more, "29990101000000_more"));
    await writeFile(join(more, "29990101000000_more", "migration.sql"), 'CREATE TABLE "More" ("id" TEXT);');
    await open(more);
    expect(await readdir(join(folder, "backups"))).toHaveLength(1);
    const rows = raw((database) =>
      database.prepare("SELECT * FROM _prisma_migrations ORDER BY migration_name").all(),
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) expect(row).toMatchObject({ applied_steps_count: 1, rolled_back_at: null });
    expect(rows.at(-1)).toMatchObject({ migration_name: "29990101000000_more" });
    await expect(open()).rejects.toThrow(MigrationError);
  });

  it("[F4] a migration that fails leaves nothing behind, and an altered one is refused", async () => {
    await open();
    const bad = join(folder, "migrations");
    await cp(migrations, bad, { recursive: true });
    await mkdir(join(bad, "29990101000000_bad"));
    await writeFile(
      join(bad, "29990101000000_bad", "migration.sql"),
      'CREATE TABLE "Half" ("id" TEXT); NONSENSE;',
    );
    await expect(open(bad)).rejects.toThrow(/NONSENSE/);
    expect(raw(tablesOfDatabase).has("Half")).toBe(false);
    await rm(join(bad, "29990101000000_bad"), { recursive: true });
    const [first] = (await readdir(bad)).filter((name) => /^\d/.test(name));
    await writeFile(join(bad, first ?? "", "migration.sql"), "SELECT 1;");
    await expect(open(bad)).rejects.toThrow(/altered/);
  });

  it("[F20] a backup is whole and rotated, and put in the place of a damaged file it is the database again", async () => {
    const database = await openDatabase({ file, migrations, clock });
    await database.prisma.setting.create({ data: { key: "kept", value: "yes" } });
    let now = Date.parse("2026-01-01T00:00:00Z");
    const ticking = { now: () => new Date((now += 1000)), after: () => () => undefined };
    const first = await backUp({ file, clock: ticking, keep: 2 });
    for (let more = 0; more < 3; more += 1) await backUp({ file, clock: ticking, keep: 2 });
    const kept = await listBackups(file);
    expect(kept).toHaveLength(2);
    expect(kept.map((each) => each.file)).not.toContain(first.file);
    await database.close();
    await writeFile(file, Buffer.alloc(8192, 7));
    await expect(open()).rejects.toThrow(DamagedDatabaseError);
    // The recipe of docs/operations.md.
    await rename(file, `${file}.damaged`);
    for (const suffix of ["-wal", "-shm"]) await rm(`${file}${suffix}`, { force: true });
    await cp(kept[0]!.file, file);
    await open();
    expect(raw((again) => again.prepare("SELECT value FROM Setting WHERE key = 'kept'").pluck().get())).toBe(
      "yes",
    );
  });

  it("[F5] a damaged file is refused and left as it is", async () => {
    await writeFile(file, Buffer.alloc(8192, 7));
    await expect(open()).rejects.toThrow(DamagedDatabaseError);
    expect(await readFile(file)).toEqual(Buffer.alloc(8192, 7));
  });
});
