import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseItemId } from "#lib/domain/ids.ts";
import { memoryItem } from "../../e2e/fakes/memory-work-source.ts";
import { createTestApplication, owner, type TestApplication } from "../../e2e/fixtures/application.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";

async function dispatched(test: TestApplication, item: string) {
  test.backlog.items.set(parseItemId(item), memoryItem(item));
  await test.inside().application.read("items", {}, { actor: owner });
  const started = await test.dispatch(item);
  await test.inside().application.settled();
  return started;
}

async function alarms(test: TestApplication) {
  const [repository] = await test.inside().application.read("repositories", {}, { actor: owner });
  return repository?.alarms ?? [];
}

/** A server that starts looks at everything that happened meanwhile. */
async function lookAgain(test: TestApplication, meanwhile: () => Promise<unknown>) {
  await test.inside().application.settled();
  await test.restart({
    before: async () => {
      await meanwhile();
    },
  });
  await test.inside().application.settled();
}

describe("a base that is moved from outside", () => {
  it("[M118] an agent that moves the base raises an alarm within seconds, and nothing lands until it is acknowledged", async () => {
    await using test = await createTestApplication();
    await test.add();
    const good = await dispatched(test, "t-1");
    await good.runner.bringToApproval("one.txt", "done\n");
    await test.reaches(good.session.id, "approved");
    const { session, runner } = await dispatched(test, "t-2");
    await runner.bringToApproval("two.txt", "done\n");
    await test.reaches(session.id, "approved");
    await test.inside().application.settled();

    await writeFile(join(session.worktree, "sneaky.txt"), "1\n");
    await runGit(session.worktree, "add", "--all");
    await runGit(session.worktree, "commit", "--quiet", "-m", "Unseen");
    await runGit(session.worktree, "update-ref", "refs/heads/main", "HEAD");
    const time = setInterval(() => test.clock.advance(200), 5);
    const fact = await test.fact(({ name }) => name === "repository:alarmed");
    clearInterval(time);
    expect(fact.text).toContain("Work that nobody approved came onto main: of t-2");
    expect(await alarms(test)).toMatchObject([{ kind: "base-moved", blocks: true }]);

    const tip = await test.repository.git("rev-parse", "main");
    await test.command("merge:start", { session: "t-1" });
    await test.fact(({ changes }) => changes.landings?.[0]?.status === "blocked");
    expect(await test.repository.git("rev-parse", "main")).toBe(tip);
    expect((await test.session(good.session.id)).status).toBe("approved");

    const { acknowledged, repository } = await test.command("repository:acknowledge", { note: "Seen" });
    expect([acknowledged.length, repository.alarms]).toEqual([1, []]);
    await test.command("merge:start", { session: "t-1" });
    await test.reaches(good.session.id, "merged");
  });

  it("[M119] a ref that is set by none of git's ordinary commands raises an alarm", async () => {
    await using test = await createTestApplication();
    await test.add();
    await lookAgain(test, async () => {
      const tree = await test.repository.git("rev-parse", "main^{tree}");
      const made = await test.repository.git("commit-tree", tree, "-p", "main", "-m", "Plumbing");
      await test.repository.git("update-ref", "refs/heads/main", made);
    });
    expect((await alarms(test)).map(({ text }) => text)).toEqual([
      expect.stringContaining("main was moved by none of git's ordinary commands"),
    ]);
  });

  it("[M120] people's commits, merges, pulls and amended commits are told and raise no alarm", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { session, runner } = await dispatched(test, "t-1");
    await runner.prepare();
    await runner.startStep();
    await test.reaches(session.id, "running");
    await lookAgain(test, async () => {
      await test.repository.write("mine.txt", "1\n");
      await test.repository.commit("Mine");
      await test.repository.git("commit", "--quiet", "--amend", "-m", "Mine, better");
      await test.repository.git("switch", "--quiet", "-c", "topic");
      await test.repository.write("topic.txt", "1\n");
      await test.repository.commit("Topic");
      await test.repository.git("switch", "--quiet", "main");
      await test.repository.git("merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic");
      // The session takes the base in, so that its branch holds people's commits too.
      await runGit(session.worktree, "merge", "--quiet", "main");
    });
    expect(await alarms(test)).toEqual([]);
    const { store } = test.inside();
    expect((await store.recentFacts(100)).filter(({ name }) => name === "base:moved")).not.toEqual([]);
  });

  it.each([
    ["pull --rebase", "pull", "--quiet", "--rebase", "origin", "main"],
    ["commit --amend", "commit", "--quiet", "--amend", "-m", "Better words for what has landed"],
  ])(
    "[M148] `git %s` over landings raises no alarm where their work is still there",
    async (_what, ...command) => {
      await using test = await createTestApplication();
      await test.add();
      const { repository } = test;
      const origin = join(repository.path, "..", "origin.git");
      await runGit(repository.path, "clone", "--quiet", "--bare", repository.path, origin);
      await repository.git("remote", "add", "origin", origin);
      const { session, runner } = await dispatched(test, "t-1");
      await runner.bringToApproval("one.txt", "done\n");
      await test.reaches(session.id, "approved");
      await test.command("merge:start", {});
      await test.fact(({ changes }) => changes.landings?.[0]?.status === "landed");
      const landed = await repository.git("rev-parse", "main");
      await lookAgain(test, async () => {
        const other = join(repository.path, "..", "other");
        await runGit(origin, "clone", "--quiet", origin, other);
        await runGit(
          other,
          "-c",
          "user.name=Bo",
          "-c",
          "user.email=bo@example.test",
          "commit",
          "--quiet",
          "--allow-empty",
          "-m",
          "Theirs",
        );
        await runGit(other, "push", "--quiet", "origin", "HEAD:main");
        await repository.git(...command);
      });
      await expect(repository.git("merge-base", "--is-ancestor", landed, "main")).rejects.toThrow();
      expect(await repository.git("show", "main:one.txt")).toBe("done");
      expect(await alarms(test)).toEqual([]);
    },
  );

  it("[M121] a base that is set back behind landed work raises an alarm", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { session, runner } = await dispatched(test, "t-1");
    await runner.bringToApproval("one.txt", "done\n");
    await test.reaches(session.id, "approved");
    await test.command("merge:start", {});
    await test.fact(({ changes }) => changes.landings?.[0]?.status === "landed");
    expect(await alarms(test)).toEqual([]);
    await lookAgain(test, () => test.repository.git("reset", "--quiet", "--hard", "main~1"));
    expect((await alarms(test)).map(({ text }) => text)).toEqual([
      expect.stringContaining("landed work is gone from it: of t-1"),
    ]);
  });

  it("[M122] settings and hooks that change while sessions work are told, and hold nothing up", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { session, runner } = await dispatched(test, "t-1");
    await runner.prepare();
    await runner.startStep();
    await test.reaches(session.id, "running");
    await lookAgain(test, async () => {
      await test.repository.git("config", "core.fsmonitor", "touch /tmp/never");
      await test.repository.git("config", "user.nickname", "harmless");
      const hooks = join(test.repository.commonDir, "hooks");
      await mkdir(hooks, { recursive: true });
      await writeFile(join(hooks, "post-commit"), "#!/bin/sh\n");
      await chmod(join(hooks, "post-commit"), 0o755);
    });
    expect(await alarms(test)).toMatchObject([
      {
        kind: "config-changed",
        blocks: false,
        text: expect.stringContaining("core.fsmonitor, hooks/post-commit") as unknown,
      },
    ]);
  });

  it("[M153] a configuration that changes what decides about a landing while sessions work is told, and holds nothing up", async () => {
    const config = "amplify.config.json";
    const gate = ["true"];
    await using test = await createTestApplication({ files: { [config]: JSON.stringify({ gate }) } });
    await test.add();
    await lookAgain(test, () => test.repository.write(config, JSON.stringify({ gate: ["true", "false"] })));
    expect(await alarms(test)).toEqual([]);
    const { session, runner } = await dispatched(test, "t-1");
    await runner.prepare();
    await runner.startStep();
    await test.reaches(session.id, "running");
    await lookAgain(test, () => test.repository.write(config, "{"));
    await lookAgain(test, () =>
      test.repository.write(
        config,
        JSON.stringify({ landing: { auto: true }, gate: [], limits: { sessions: 3 } }),
      ),
    );
    expect(await alarms(test)).toMatchObject([
      {
        kind: "config-changed",
        blocks: false,
        text: expect.stringContaining("decides about a landing: gate, landing.") as unknown,
      },
    ]);
    const { entries } = await test.inside().application.read("audit", { limit: 20 }, { actor: owner });
    expect(entries).toContainEqual(expect.objectContaining({ action: "alarm", outcome: "config-changed" }));
  });
});
