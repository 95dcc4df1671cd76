import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";

const id = parseItemId;

/** A session with a commit and a file that is not committed, given up. */
async function discarded(options: Parameters<typeof createTestApplication>[0] = {}) {
  const test = await createTestApplication(options);
  test.backlog.items.set(id("t-1"), memoryItem("t-1"));
  const repository = await test.add();
  const { session, runner } = await test.dispatch("t-1");
  await runner.prepare();
  await runner.startStep();
  const head = await runner.work("kept.txt", "committed\n");
  await writeFile(join(session.worktree, "loose.txt"), "not committed\n");
  await runGit(session.worktree, "init", "--quiet", "inner");
  await writeFile(join(session.worktree, "inner", "own.txt"), "of its own\n");
  await test.command("session:stop", { session: "t-1", discard: true });
  await test.inside().application.settled();
  await runner.write({ kind: "stopped", by: "Ada", discard: true, inbox: 1 });
  await test.reaches(session.id, "stopped");
  await test.inside().application.settled();
  await expect(access(session.worktree)).rejects.toThrow();
  return { test, repository, session, head };
}

const list = (test: TestApplication, repository: Awaited<ReturnType<TestApplication["add"]>>) =>
  test.inside().application.read("archives", { repository }, { actor: owner });

describe("archived work", () => {
  it("[D100] lists what is kept with session, item, time, reason, size and whether the base holds it", async () => {
    const { test, repository, session, head } = await discarded();
    await using _ = test;
    const archives = await list(test, repository);
    expect(archives).toHaveLength(2);
    for (const each of archives) {
      expect(each).toMatchObject({
        session: session.id,
        item: { id: "t-1" },
        why: "given up",
        merged: false,
      });
      expect(each.keptAt).not.toBeNull();
    }
    const { application } = test.inside();
    expect(await application.read("archives", { session: "t-1" }, { actor: owner })).toEqual(archives);
    const { session: other } = await test.dispatch("t-1");
    expect(await application.read("archives", { session: other.id }, { actor: owner })).toEqual([]);
    expect(archives.find(({ commit }) => commit === head)).toMatchObject({ changes: { files: 1, added: 1 } });
    expect(archives.find(({ commit }) => commit !== head)).toMatchObject({ changes: { files: 2, added: 2 } });
    await test.repository.git("merge", "--quiet", "--no-edit", head);
    // What no commit can hold is moved, not lost.
    expect(await readFile(join(session.directory, "kept", "inner", "own.txt"), "utf8")).toBe("of its own\n");
    const after = await list(test, repository);
    expect(after.find(({ commit }) => commit === head)).toMatchObject({ merged: true, changes: null });
    expect(after.filter(({ merged }) => merged)).toHaveLength(1);
  });

  it("[D101] survives a collection of garbage, uncommitted files included, and is shown as a diff", async () => {
    const { test, repository, head } = await discarded();
    await using _ = test;
    await test.repository.git("reflog", "expire", "--expire=now", "--all");
    await test.repository.git("gc", "--quiet", "--prune=now");
    const archives = await list(test, repository);
    // The log of the refs is gone, and with it when and why; the work is not.
    expect(archives.map(({ why }) => why)).toEqual([null, null]);
    const loose = archives.find(({ commit }) => commit !== head)!;
    expect(await test.repository.git("show", `${loose.ref}:loose.txt`)).toBe("not committed");
    const shown = await test
      .inside()
      .application.read("archive", { repository, archive: loose.commit.slice(0, 10) }, { actor: owner });
    expect(shown.files.map(({ path }) => path).sort()).toEqual(["kept.txt", "loose.txt"]);
    expect(shown.text).toContain("+not committed");
  });

  it("[D102] restores to a new branch and touches nothing else; a name that is taken is refused", async () => {
    const { test, repository, head } = await discarded();
    await using _ = test;
    const before = await test.repository.git("rev-parse", "HEAD", "HEAD^{tree}");
    const restored = await test.command("archive:restore", { repository, archive: head });
    expect(restored).toEqual({ branch: `restored/t-1-${head.slice(0, 8)}`, commit: head, made: true });
    expect(await test.repository.git("rev-parse", restored.branch)).toBe(head);
    expect(await test.repository.git("rev-parse", "HEAD", "HEAD^{tree}")).toBe(before);
    expect((await list(test, repository)).find(({ commit }) => commit === head)?.branches).toEqual([
      restored.branch,
    ]);
    const again = await test.command("archive:restore", { repository, archive: head });
    expect(again.made).toBe(false);
    const into = (branch: string) => test.command("archive:restore", { repository, archive: head, branch });
    await expect(into("main")).rejects.toMatchObject({ problem: { code: "conflict" } });
    await expect(into("main/below")).rejects.toMatchObject({ problem: { code: "conflict" } });
    await expect(into("amplify/t-1")).rejects.toMatchObject({ problem: { code: "invalid" } });
    await expect(into("no..name")).rejects.toMatchObject({ problem: { code: "invalid" } });
    await expect(test.command("archive:restore", { repository, archive: "deadbeef" })).rejects.toMatchObject({
      problem: { code: "not-found" },
    });
  });

  it("[D103] removes what would be lost only by force, and only for an owner", async () => {
    const { test, repository, head } = await discarded();
    await using _ = test;
    const remove = (order: { force?: boolean; role?: "operator" }) =>
      test.command(
        "archive:remove",
        { repository, archive: head, force: order.force ?? false },
        { actor: actorNamed("Bo", order.role ?? "owner") },
      );
    await expect(remove({ role: "operator", force: true })).rejects.toMatchObject({
      problem: { code: "forbidden" },
    });
    await expect(remove({})).rejects.toMatchObject({ problem: { code: "conflict" } });
    expect(await list(test, repository)).toHaveLength(2);
    await remove({ force: true });
    expect((await list(test, repository)).map(({ commit }) => commit)).not.toContain(head);
  });
});
