import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { createGit } from "#server/adapters/git/git.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";
import { prune } from "./prune.ts";

const day = 86_400_000;

async function givenUp() {
  const test = await createTestApplication();
  test.backlog.items.set(parseItemId("t-1"), memoryItem("t-1"));
  await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  const head = await runner.work("kept.txt", "x".repeat(10_000));
  await test.command("session:stop", { session: "t-1", discard: true });
  await test.inside().application.settled();
  await runner.write({ kind: "stopped", by: "Ada", discard: true, inbox: 1 });
  await test.reaches(session.id, "stopped");
  await test.inside().application.settled();
  return { test, session, ref: `refs/amplify/archive/${session.id}/${head}` };
}

function pruneAfter(
  test: TestApplication,
  days: number,
  { dryRun = false, unmergedArchiveDays = null as number | null },
) {
  const now = new Date(test.clock.now().getTime() + days * day);
  const clock = { now: () => now, after: () => () => undefined };
  const room = { home: test.home, store: test.inside().store, git: createGit(), clock };
  return prune(room, { sessionDays: 90, archiveDays: 30, unmergedArchiveDays }, dryRun);
}

describe("the data folder", () => {
  it("[D140] shows what sessions, worktrees, archives and the database take up", async () => {
    const { test } = await givenUp();
    await using _ = test;
    const view = await test.inside().application.read("storage", {}, { actor: owner });
    expect(view.repositories).toMatchObject([
      { sessions: { count: 1 }, worktrees: { count: 0 }, archives: { count: 1 } },
    ]);
    expect(view.repositories[0]!.sessions.bytes).toBeGreaterThan(1000);
    expect(view.repositories[0]!.archives.bytes).toBeGreaterThan(50);
    expect(view.databaseBytes).toBeGreaterThan(10_000);
    expect(view.freeBytes).toBeGreaterThan(0);
  });

  it("[D141] prunes what is older than its retention and nothing else; a dry run only says what", async () => {
    const { test, session, ref } = await givenUp();
    await using _ = test;
    const after = (days: number, dryRun: boolean) => pruneAfter(test, days, { dryRun });
    const refs = () => test.repository.git("for-each-ref", "--format=%(refname)", "refs/amplify/archive");
    await test.repository.git("branch", "kept-elsewhere", ref);
    expect(await after(29, false)).toEqual([]);
    expect(await after(31, true)).toMatchObject([{ kind: "archive", name: ref }]);
    expect(await refs()).toBe(ref);
    await after(31, false);
    expect(await refs()).toBe("");
    await access(session.directory);
    // What was moved aside for a person stays, however old.
    await mkdir(join(session.directory, "kept"));
    expect(await after(400, false)).toEqual([]);
    await access(join(session.directory, "kept"));
  });

  it("[D143] keeps the only copy of work for good, unless a person has said for how long, and counts it", async () => {
    const { test, ref } = await givenUp();
    await using _ = test;
    const { repositories } = await test.inside().application.read("storage", {}, { actor: owner });
    expect(repositories[0]?.archives).toMatchObject({ count: 1, onlyCopies: 1 });
    const archives = async (days: number, order: { unmergedArchiveDays?: number }) =>
      (await pruneAfter(test, days, { dryRun: true, ...order })).filter(({ kind }) => kind === "archive");
    expect(await archives(10_000, {})).toEqual([]);
    expect(await archives(99, { unmergedArchiveDays: 100 })).toEqual([]);
    expect(await archives(101, { unmergedArchiveDays: 100 })).toMatchObject([{ name: ref }]);
    await test.repository.git("merge", "--quiet", "--no-edit", ref);
    expect(await archives(31, {})).toMatchObject([{ name: ref }]);
  });

  it("[D142] a directory of an ended session goes once a day by itself, and that is told", async () => {
    const { test, session } = await givenUp();
    await using _ = test;
    await test.elapse(91 * day);
    await test.inside().application.settled();
    await test.elapse(day);
    await test.fact(({ name, text }) => name === "storage:pruned" && text.includes("1 directories"));
    await expect(access(session.directory)).rejects.toThrow();
    await expect(readFile(join(test.home, "amplify.db"))).resolves.toBeDefined();
  });
});
