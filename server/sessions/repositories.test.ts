import { access, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { actorNamed } from "../../e2e/fixtures/actor.ts";
import { createTestApplication, owner } from "../../e2e/fixtures/application.ts";
import { createRepository, runGit } from "../../e2e/fixtures/repository.ts";

describe("repositories", () => {
  it("[D23] adding one twice, from a folder in it or through a link, finds the same one", async () => {
    await using test = await createTestApplication();
    const { path } = test.repository;
    const first = await test.command("repository:add", { path });
    expect(first).toMatchObject({
      added: true,
      repository: { root: path, base: "main", source: "backlog", problem: null },
    });
    await mkdir(join(path, "deep/er"), { recursive: true });
    expect(await test.command("repository:add", { path: join(path, "deep/er") })).toMatchObject({
      added: false,
      repository: { id: first.repository.id },
    });
    await symlink(path, join(test.home, "link"));
    expect((await test.command("repository:add", { path: join(test.home, "link") })).added).toBe(false);
    await mkdir(join(path, ".beads"));
    const again = await test.command("repository:add", { path });
    expect(again.repository).toMatchObject({ id: first.repository.id, source: "beads" });
    expect(await test.repository.git("status", "--porcelain", "--", ".worktrees")).toBe("");
  });

  it("[D210] adding one again keeps what was seen of it, so no alarm goes without a person", async () => {
    await using test = await createTestApplication();
    const id = await test.add();
    await test.inside().application.settled();
    const { store, ledger } = test.inside();
    const row = async () => (await store.repositories()).find((each) => each.id === id);
    const before = await row();
    const alarm = {
      kind: "base-moved",
      at: "2026-01-01T00:00:00.000Z",
      text: "Look here.",
      blocks: true,
    } as const;
    const guard = { ...(before?.guard ?? { tip: null, settings: {} }), alarms: [alarm] };
    expect(guard.tip).not.toBeNull();
    if (!before) throw new Error("It is not registered.");
    await ledger.write(() =>
      Promise.resolve({ change: { repository: { ...before, guard } }, result: undefined }),
    );
    const { repository } = await test.command("repository:add", { path: test.repository.path });
    expect(repository.alarms).toEqual([alarm]);
    expect((await row())?.guard).toEqual(guard);
    await test.repository.git("branch", "trunk");
    await writeFile(join(test.repository.path, "amplify.config.json"), '{ "base": "trunk" }');
    const moved = await test.command("repository:add", { path: test.repository.path });
    expect(moved.repository).toMatchObject({ base: "trunk", alarms: [alarm] });
  });

  it("[D211] one that is removed is managed no longer; added again it has its sessions, items and alarms", async () => {
    await using test = await createTestApplication();
    const id = await test.add();
    const { item } = await test.command("item:create", { title: "First" });
    const { session, runner } = await test.dispatch(item.id);
    const remove = () => test.command("repository:remove", { repository: id });
    await expect(remove()).rejects.toMatchObject({
      problem: { code: "conflict", message: expect.stringContaining(session.id) as string },
    });
    await test.command("session:stop", { session: session.id, discard: true });
    await runner.write({ kind: "stopped", by: "Ada", discard: true, inbox: 1 });
    await test.reaches(session.id, "stopped");
    await test.inside().application.settled();
    const { loop } = await test.command("loop:start", { landing: "ask" });
    await test.inside().application.settled();
    const { store } = test.inside();
    const asLoop = (status: "running" | "stopped") =>
      store.commit({ loops: [{ ...loop, status, person: "owner" }] }, loop.startedAt);
    await asLoop("running");
    await expect(remove()).rejects.toMatchObject({ problem: { code: "conflict" } });
    await asLoop("stopped");
    await expect(
      test.command("repository:remove", { repository: id }, { actor: actorNamed("Eve", "operator") }),
    ).rejects.toMatchObject({ problem: { code: "forbidden" } });

    expect((await remove()).repository).toMatchObject({ id, root: test.repository.path });
    const { changes } = await test.fact(({ name }) => name === "repository:removed");
    expect(changes.removedRepositories).toEqual([id]);
    const { application } = test.inside();
    const read = { actor: owner };
    expect(await application.read("repositories", {}, read)).toEqual([]);
    expect((await application.read("sessions", {}, read)).sessions).toEqual([]);
    await expect(application.read("session", { session: item.id }, read)).rejects.toMatchObject({
      problem: { code: "not-found" },
    });
    await expect(remove()).rejects.toMatchObject({ problem: { code: "not-found" } });
    await test.restart();

    const again = await test.command("repository:add", { path: test.repository.path });
    expect(again).toMatchObject({ added: true, repository: { id } });
    expect((await test.session(session.id)).status).toBe("stopped");
    expect((await test.command("item:edit", { item: item.id, priority: 1 })).item.title).toBe("First");
  });

  it("[D212] one whose folder is gone says so, is not made anew, and can be removed", async () => {
    await using test = await createTestApplication();
    const id = await test.add();
    const { path } = test.repository;
    const { item } = await test.command("item:create", { title: "First" });
    const { session, runner } = await test.dispatch(item.id);
    await test.restart({ before: () => rm(path, { recursive: true }) });
    const [view] = await test.inside().application.read("repositories", {}, { actor: owner });
    expect(view?.problem).toContain(`${path} is not there any more`);
    await expect(access(path)).rejects.toMatchObject({ code: "ENOENT" });
    await test.command("session:stop", { session: session.id, discard: true });
    await runner.write({ kind: "stopped", by: "Ada", discard: true, inbox: 1 });
    await test.reaches(session.id, "stopped");
    await test.command("repository:remove", { repository: id });
    expect(await test.inside().store.pendingEffects()).toEqual([]);
  });

  it("[D24] what is no usable repository is refused with what to do", async () => {
    await using test = await createTestApplication();
    const folder = await mkdtemp(join(tmpdir(), "amplify-no-repository-"));
    await using empty = await createRepository({ files: {} });
    await runGit(folder, "init", "--quiet", "--bare", "bare.git");
    const refusal = (path: string) =>
      test
        .command("repository:add", { path })
        .catch((error: unknown) => (error as { problem: unknown }).problem);
    expect(await refusal(folder)).toMatchObject({
      code: "invalid",
      message: `${folder} is not in a git repository.`,
    });
    expect(await refusal(join(folder, "nowhere"))).toMatchObject({ code: "invalid" });
    await writeFile(join(folder, "file.txt"), "");
    expect(await refusal(join(folder, "file.txt"))).toMatchObject({ code: "invalid" });
    // Whose current folder would that be?
    for (const path of [".", "..", "repository"])
      expect(await refusal(path)).toMatchObject({ code: "invalid", message: `${path} is not a whole path.` });
    expect(await refusal(empty.path)).toMatchObject({
      code: "invalid",
      fix: "Make the first commit, then add it again.",
    });
    expect(await refusal(join(folder, "bare.git"))).toMatchObject({ code: "invalid" });
    await rm(folder, { recursive: true });
  });

  it("[D25] a broken configuration is told, and names its line", async () => {
    await using test = await createTestApplication();
    await test.add();
    await writeFile(join(test.repository.path, "amplify.config.json"), '{\n  "setup": ["npm ci",\n');
    const [view] = await test.inside().application.read("repositories", {}, { actor: owner });
    expect(view?.problem).toMatch(/^amplify\.config\.json, line 3: /);
    await writeFile(join(test.repository.path, "amplify.config.json"), '{ "setpu": [] }');
    const [other] = await test.inside().application.read("repositories", {}, { actor: owner });
    expect(other?.problem).toContain("setpu");
  });

  it("[D213] while its configuration is not known nothing of a repository begins or lands, and others are untouched", async () => {
    await using test = await createTestApplication({ limit: 1 });
    const id = await test.add();
    const ready = async (item: string) => {
      const { session, runner } = await test.dispatch(item);
      await runner.bringToApproval(`${item}.txt`, "done\n");
      await test.reaches(session.id, "approved");
      return session;
    };
    const { item: first } = await test.command("item:create", { title: "First" });
    const { item: second } = await test.command("item:create", { title: "Second" });
    const approved = await ready(first.id);
    await using other = await createRepository();
    await test.command("repository:add", { path: other.path });

    const file = join(test.repository.path, "amplify.config.json");
    const spoil = async () => {
      await writeFile(file, "{");
      await rm(join(test.home, "configurations"), { recursive: true });
    };
    await test.restart({ before: spoil });
    const refused = {
      problem: { code: "unavailable", message: expect.stringContaining("line 1") as string },
    };
    const dispatch = () => test.command("session:dispatch", { repository: id, item: second.id });
    await expect(dispatch()).rejects.toMatchObject(refused);
    await expect(test.command("merge:start", { session: approved.id })).rejects.toMatchObject(refused);
    await expect(
      test.command("session:overrule", { session: approved.id, verdict: "reject", reason: "No", head: null }),
    ).rejects.toMatchObject(refused);
    const views = await test.inside().application.read("repositories", {}, { actor: owner });
    expect(views.map(({ problem }) => problem)).toEqual([expect.stringContaining("nothing lands"), null]);
    await writeFile(file, "{}");
    expect((await dispatch()).session.status).toBe("queued");
    await test.command("merge:start", { session: approved.id });
  });

  it("[D214] a session whose agent type is gone while it waits fails with that, and holds no other up", async () => {
    await using test = await createTestApplication({ limit: 1 });
    await test.add();
    const agents = join(test.repository.path, ".amplify/agents");
    await mkdir(agents, { recursive: true });
    await writeFile(join(agents, "writer.md"), "You keep the docs.");
    const { item: first } = await test.command("item:create", { title: "First" });
    const { item: second } = await test.command("item:create", { title: "Second" });
    const { item: third } = await test.command("item:create", { title: "Third" });
    const { session, runner } = await test.dispatch(first.id);
    const waits = await test.command("session:dispatch", { item: second.id, agentType: "writer" });
    const last = await test.command("session:dispatch", { item: third.id });
    await rm(agents, { recursive: true });
    await runner.bringToApproval("a.txt", "done\n");
    await test.reaches(session.id, "approved");
    const failed = await test.fact(({ name }) => name === "session:failed");
    expect(failed).toMatchObject({ session: waits.session.id });
    expect(failed.text).toContain('There is no agent type "writer"');
    await test.reaches(last.session.id, "preparing");
  });

  it("[D216] an edit of the settings rings: what waits for it goes on, and what is wrong with it is told", async () => {
    await using test = await createTestApplication();
    const file = join(test.repository.path, "amplify.config.json");
    await writeFile(file, '{ "limits": { "sessions": 1 } }');
    await test.add();
    const { item: first } = await test.command("item:create", { title: "First" });
    const { item: second } = await test.command("item:create", { title: "Second" });
    await test.dispatch(first.id);
    const { session } = await test.dispatch(second.id);
    expect((await test.session(session.id)).status).toBe("queued");
    const time = setInterval(() => test.clock.advance(200), 5);
    try {
      await writeFile(file, '{ "limits": { "sessions": 2 } }');
      await test.reaches(session.id, "preparing");
      const told = (words: string) =>
        test.fact(({ changes }) => changes.repositories?.[0]?.problem?.includes(words) ?? false);
      await writeFile(file, '{ "limits": {');
      await told("amplify.config.json, line 1");
      await test.repository.git("branch", "trunk");
      await writeFile(file, '{ "base": "trunk" }');
      await told("Work lands on main, and amplify.config.json says trunk");
      await writeFile(file, "{}");
      await mkdir(join(test.repository.path, ".amplify/agents"), { recursive: true });
      await symlink("/etc/hostname", join(test.repository.path, ".amplify/agents/planted.md"));
      await told("planted.md is not used: it is a link");
      await rm(join(test.repository.path, ".amplify"), { recursive: true });
      await mkdir(join(test.repository.path, ".beads"));
      await told("It has a Beads workspace now");
    } finally {
      clearInterval(time);
    }
  });

  it("[D26] the doctor looks at everything and at nothing without a repository", async () => {
    await using test = await createTestApplication();
    const ask = () => test.inside().application.read("doctor", {}, { actor: owner });
    expect((await ask()).map(({ name }) => name)).toEqual([
      "git",
      "agent claude",
      "data folder",
      "disk",
      "runner",
    ]);
    await test.add();
    expect((await ask()).every(({ ok }) => ok)).toBe(true);
  });
});
