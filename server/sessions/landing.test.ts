import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";

const id = parseItemId;

async function approved(test: TestApplication, item: string, file: string, text = "done\n") {
  test.backlog.items.set(id(item), memoryItem(item));
  await test.inside().application.read("items", {}, { actor: owner });
  const { session, runner } = await test.dispatch(item);
  const head = await runner.bringToApproval(file, text);
  await test.reaches(session.id, "approved");
  await test.inside().application.settled();
  return { session, runner, head };
}

describe("landing", () => {
  it("[D17] lands all approved work in order, closes the items and keeps the sessions as merged", async () => {
    await using test = await createTestApplication();
    await test.add();
    const first = await approved(test, "t-1", "one.txt");
    const second = await approved(test, "t-2", "two.txt");
    const { landings } = await test.command("merge:start", {});
    expect(landings.map(({ session }) => session)).toEqual([first.session.id, second.session.id]);
    const view = await test.reaches(first.session.id, "merged");
    await test.reaches(second.session.id, "merged");
    await test.fact(
      ({ changes }) =>
        changes.landings?.[0]?.session === second.session.id && changes.landings[0].status === "landed",
    );
    expect(view).toMatchObject({
      byHand: false,
      mergeCommit: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
    });
    const subjects = await test.repository.git("log", "--merges", "--format=%s", "main");
    expect(subjects.split("\n")).toEqual(["Merge t-2: What was done", "Merge t-1: What was done"]);
    expect([...test.backlog.items.values()].map(({ status, closeReason }) => [status, closeReason])).toEqual([
      ["closed", "Merged to main"],
      ["closed", "Merged to main"],
    ]);
    expect(await test.repository.git("worktree", "list")).not.toContain("t-1");
    await expect(test.command("merge:start", { session: "t-1" })).rejects.toMatchObject({
      problem: { code: "conflict" },
    });
  });

  it("[D18] work that was merged with plain git counts as merged by hand, without an alarm", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { session } = await approved(test, "t-1", "one.txt");
    await test.repository.git("merge", "--quiet", "--no-ff", "amplify/t-1", "--message", "By hand");
    await test.repository.git("worktree", "remove", ".worktrees/t-1");
    // The doorbell at the refs waits a moment for the rest of the command.
    const time = setInterval(() => test.clock.advance(1000), 5);
    const view = await test.reaches(session.id, "merged");
    await test.fact(({ changes }) => changes.landings?.[0]?.status === "landed");
    clearInterval(time);
    expect(view).toMatchObject({ byHand: true, reason: null });
    expect(test.backlog.items.get(id("t-1"))).toMatchObject({
      status: "closed",
      closeReason: "Merged to main",
    });
    const { store } = test.inside();
    expect((await store.recentFacts(100)).filter(({ name }) => name === "warning:raised")).toEqual([]);
  });

  it("[D19] a base that moved over the same file makes an approval outdated and checks it again by itself", async () => {
    await using test = await createTestApplication({ files: { "shared.txt": "1\n2\n3\n" } });
    await test.add();
    const other = await approved(test, "t-2", "other.txt");
    const { session, runner } = await approved(test, "t-1", "shared.txt", "4\n");
    await test.repository.write("shared.txt", "0\n1\n2\n3\n");
    const tip = await test.repository.commit("Move on");
    await test.restart();
    const view = await test.reaches(session.id, "outdated");
    expect(view.reason).toMatchObject({
      code: "outdated",
      detail: expect.stringContaining("shared.txt") as unknown,
    });
    await test.inside().application.settled();
    expect(await runner.inbox()).toMatchObject([{ kind: "recheck", base: tip, by: "server" }]);
    expect((await test.session(other.session.id)).status).toBe("approved");
  });

  it("[D217] a branch that somebody moved after its approval is found by the plan, and checked again by itself", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { session, runner } = await approved(test, "t-1", "one.txt");
    await runGit(session.worktree, "commit", "--quiet", "--allow-empty", "--message", "Unseen");
    const plan = await test.inside().application.read("merge-plan", { repository: null }, { actor: owner });
    expect(plan.order).toEqual([]);
    expect(plan.entries[0]?.outdated).toBe("the branch amplify/t-1 moved after it was approved");
    const view = await test.reaches(session.id, "outdated");
    expect(view.reason?.detail).toContain("moved after it was approved");
    await test.inside().application.settled();
    const base = await test.repository.git("rev-parse", "main");
    expect(await runner.inbox()).toMatchObject([{ kind: "recheck", base, by: "server" }]);
  });

  it("[D20] a conflict at landing fails with the files named, keeps the claim, and is sent back by resume", async () => {
    await using test = await createTestApplication({ files: { "shared.txt": "1\n" } });
    await test.add();
    const { session, runner } = await approved(test, "t-1", "shared.txt", "mine\n");
    await test.repository.write("shared.txt", "1\ntheirs\n");
    const tip = await test.repository.commit("Theirs");
    await test.command("merge:start", { session: "t-1" });
    const failed = await test.reaches(session.id, "failed");
    expect(failed.reason).toMatchObject({
      code: "merge-conflict",
      detail: expect.stringContaining("shared.txt") as unknown,
    });
    expect(await test.repository.git("status", "--porcelain")).toBe("");
    expect(test.backlog.items.get(id("t-1"))?.assignee).toContain(session.id);
    await test.command("session:resume", { session: session.id });
    await test.inside().application.settled();
    expect(await runner.inbox()).toMatchObject([{ kind: "recheck", base: tip, by: "Ada" }]);
  });
});

describe("landing several at once", () => {
  it("[D28] what a sibling of the same order overtakes is checked anew by itself, and does not fail", async () => {
    await using test = await createTestApplication({ files: { "shared.txt": "1\n2\n3\n" } });
    await test.add();
    const first = await approved(test, "t-1", "shared.txt", "4\n");
    const second = await approved(test, "t-2", "shared.txt", "5\n");
    await test.command("merge:start", {});
    await test.reaches(first.session.id, "merged");
    const view = await test.reaches(second.session.id, "outdated");
    expect(view.reason?.detail).toContain("shared.txt");
    await test.inside().application.settled();
    expect((await second.runner.inbox()).map(({ kind }) => kind)).toEqual(["recheck"]);
  });
});
