import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { parseItemId, parseRepositoryId, parseSessionId } from "#lib/domain/ids.ts";
import { queued } from "#lib/domain/session.ts";
import { ItemTakenError, type RepositoryRow, type SessionRow } from "#server/sessions/ports.ts";
import { openDatabase } from "./database.ts";
import { rememberOpen } from "./remember-open.ts";
import { createSessionStore } from "./session-store.ts";

const clock = { now: () => new Date("2026-01-01T00:00:00Z"), after: () => () => undefined };

const change = fc.record({
  session: fc.integer({ min: 0, max: 5 }),
  item: fc.integer({ min: 0, max: 2 }),
  repository: fc.integer({ min: 0, max: 1 }),
  isOpen: fc.boolean(),
  isRemoved: fc.option(fc.boolean(), { freq: 3 }),
  isMeanwhileRead: fc.boolean(),
});

it("[F30] what is answered from memory is what the database says, whatever was committed or refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "amplify-memory-"));
  const database = await openDatabase({
    file: join(folder, "amplify.db"),
    migrations: resolve("prisma/migrations"),
    clock,
  });
  const plain = createSessionStore(database.prisma);
  const store = rememberOpen(plain);
  let refused = 0;
  try {
    for (const each of [0, 1]) await store.commit({ repository: repositoryRow(each, false) }, "");
    for (const each of fc.sample(change, { seed: 20_261_128, numRuns: 60 })) {
      const row = sessionRow(each.session, `bd-${each.item}`, each.repository, each.isOpen);
      const repository =
        each.isRemoved === null ? {} : { repository: repositoryRow(each.repository, each.isRemoved) };
      const committed = store.commit({ sessions: [row], ...repository }, "").catch((error: unknown) => {
        expect(error).toBeInstanceOf(ItemTakenError);
        refused += 1;
      });
      if (each.isMeanwhileRead) await store.open(null);
      await committed;
      for (const asked of [null, row.repository])
        expect(await store.open(asked)).toEqual(await plain.open(asked));
      for (const all of [true, false])
        expect(await store.repositories(all)).toEqual(await plain.repositories(all));
      expect(await store.session(row.id)).toEqual(await plain.session(row.id));
    }
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
  expect(refused).toBeGreaterThan(5);
});

function repositoryRow(number: number, isRemoved: boolean): RepositoryRow {
  return {
    id: parseRepositoryId(`${number}`.repeat(16)),
    name: `repository-${number}`,
    root: `/repositories/${number}`,
    commonDir: `/repositories/${number}/.git`,
    base: "main",
    source: "backlog",
    instance: `00000000-0000-4000-8000-00000000000${number}`,
    addedAt: `2026-01-01T00:00:0${number}.000Z`,
    guard: null,
    removedAt: isRemoved ? "2026-01-02T00:00:00.000Z" : null,
  };
}

function sessionRow(number: number, item: string, repository: number, open: boolean): SessionRow {
  const view = {
    since: "2026-01-01T00:00:00.000Z",
    // Not in the order of their ids.
    createdAt: `2026-01-01T00:00:0${(number * 4) % 7}.000Z`,
    createdBy: "ada",
    endedAt: null,
    comments: 0,
    overruled: null,
  } as SessionView;
  return {
    id: parseSessionId(`session-${item}-aaaaa${number}`),
    repository: parseRepositoryId(`${repository}`.repeat(16)),
    item: parseItemId(item),
    open,
    state: queued,
    view,
    spec: null,
    seq: 0,
    inbox: 0,
  };
}
