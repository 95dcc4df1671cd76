import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { actorFor } from "#lib/domain/ids.ts";
import { WorkSourceError } from "#server/ports.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";
import { awaited, createLaneHouse, startLanes } from "../../e2e/fixtures/lane-house.ts";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

it("[M1] lands two approved sessions, each by a merge commit with two parents and its own subject", async () => {
  await using house = await createLaneHouse();
  const { repository, backlog } = house;
  const [first, second] = [
    await house.session("bd-auth.1", { "one.txt": "1\n" }),
    await house.session("bd-auth.2", { "two.txt": "2\n" }),
  ];
  const lanes = startLanes(house);
  const views = await Promise.all([lanes.land(first), lanes.land(second)]);

  expect(views.map(({ status, message }) => [status, message])).toEqual([
    ["landed", "Merged to main."],
    ["landed", "Merged to main."],
  ]);
  expect(await repository.git("log", "--merges", "-2", "--format=%s")).toBe(
    "Merge bd-auth.2: Do what bd-auth.2 asks\nMerge bd-auth.1: Do what bd-auth.1 asks",
  );
  for (const { commit } of views) {
    expect((await repository.git("log", "-1", "--format=%P", String(commit))).split(" ")).toHaveLength(2);
  }
  expect(await repository.git("log", "-1", "--format=%B", views[0].commit!)).toBe(
    `Merge bd-auth.1: Do what bd-auth.1 asks\n\nAmplify-Session: ${first.session}\nMerged-By: Ada`,
  );
  expect(await repository.git("status", "--porcelain")).toBe("");
  expect(await readFile(join(repository.path, "one.txt"), "utf8")).toBe("1\n");
  expect(await repository.git("worktree", "list")).not.toContain(".worktrees");
  expect(await repository.git("branch", "--list", "amplify/*")).toBe("");
  expect(await repository.git("for-each-ref", "--format=%(refname)", "refs/amplify")).toBe(
    [first, second]
      .map(({ session, approval }) => `refs/amplify/archive/${session}/${approval.head}`)
      .join("\n"),
  );
  expect(backlog.items.get("bd-auth.1")!.closes).toEqual([
    { actor: actorFor(first.session), reason: "Merged to main", comment: "Summary of bd-auth.1" },
  ]);
});

it("[M2] names the files of a conflict and leaves checkout, refs and item as they were", async () => {
  await using house = await createLaneHouse();
  const { repository, backlog } = house;
  const order = await house.session("bd-1", { "a.txt": "theirs\n" });
  await repository.write("a.txt", "ours\n");
  await repository.commit("Ours");
  const before = [await repository.git("show-ref"), await repository.git("status", "--porcelain")];

  const view = await startLanes(house).land(order);

  expect(view).toMatchObject({ status: "conflict", conflicts: ["a.txt"], commit: null });
  expect([await repository.git("show-ref"), await repository.git("status", "--porcelain")]).toEqual(before);
  expect(backlog.items.get("bd-1")).toEqual({ status: "in_progress", closes: [] });
  expect(await exists(order.worktree)).toBe(true);
});

it("[M3] refuses a branch that moved after its approval, or that is gone", async () => {
  await using house = await createLaneHouse();
  const moved = await house.session("bd-1", { "one.txt": "1\n" });
  await runGit(moved.worktree, "commit", "--quiet", "--allow-empty", "--message", "Unseen");
  const gone = await house.session("bd-2", { "two.txt": "2\n" });
  await house.repository.git("update-ref", "-d", `refs/heads/${gone.branch}`);
  const tip = await house.tip();
  const lanes = startLanes(house);

  expect(await lanes.land(moved)).toMatchObject({
    status: "error",
    message: expect.stringContaining("moved after"),
  });
  expect(await lanes.land(gone)).toMatchObject({
    status: "error",
    message: expect.stringContaining("is gone"),
  });
  expect(await house.tip()).toBe(tip);
});

it("[M4] gives an approval back whose files changed on the base, though it would merge", async () => {
  await using house = await createLaneHouse({ files: { "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" } });
  const order = await house.session("bd-1", { "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\nnine\n" });
  await house.repository.write("a.txt", "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
  const tip = await house.repository.commit("Other end of the file");
  const lanes = startLanes(house);

  expect(await lanes.outdated(order)).toEqual({ why: "a.txt changed on the base", by: "base" });
  expect(await lanes.land(order)).toMatchObject({
    status: "base-moved",
    message: expect.stringContaining("a.txt"),
  });
  expect(await house.tip()).toBe(tip);
});

it("[M5] runs the gate on the merged tree in a folder of its own, and lands nothing that is red", async () => {
  await using house = await createLaneHouse();
  const seen = join(house.deps.scratchDir, "seen");
  const green = { name: "both", command: `cat a.txt one.txt > ${seen}; pwd >> ${seen}` };
  const order = { ...(await house.session("bd-1", { "one.txt": "1\n" })), gate: [green] };
  const red = {
    ...(await house.session("bd-2", { "two.txt": "2\n" })),
    gate: [
      green,
      { name: "test", command: String.raw`printf "\\033[31mit is \\007broken\\033[0m\\n"; exit 3` },
    ],
  };
  const slow = {
    ...(await house.session("bd-3", { "three.txt": "3\n" })),
    gate: [{ name: "hang", command: "exec sleep 600" }],
    gateTimeLimitMs: 50,
  };
  const lanes = startLanes(house);

  expect(await lanes.land(order)).toMatchObject({ status: "landed" });
  const [a, one, folder] = (await readFile(seen, "utf8")).split("\n");
  expect([a, one]).toEqual(["a", "1"]);
  expect(folder).toBe(join(house.deps.scratchDir, order.id));
  expect(await exists(folder!)).toBe(false);

  const tip = await house.tip();
  const view = await lanes.land(red);
  expect(view.status).toBe("gate-red");
  expect(view.message).toContain(
    "The gate's command test ended with exit code 3. main was not touched.\n\nit is broken",
  );
  expect(await lanes.land(slow)).toMatchObject({
    status: "gate-red",
    message: expect.stringContaining("ran longer"),
  });
  expect(await house.tip()).toBe(tip);
  expect(await house.repository.git("worktree", "list")).not.toContain("scratch");
  expect(await house.repository.git("for-each-ref", "refs/amplify/landing")).toBe("");
});

it("[M6] writes down that no gate is configured", async () => {
  await using house = await createLaneHouse();
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  await startLanes(house).land(order);
  expect((await house.store.find(order.id))!.journal.gate).toEqual({ kind: "not-configured" });
});

it("[M7] a cancel ends a running gate and takes the landing back; after the move it is too late", async () => {
  await using house = await createLaneHouse();
  const started = awaited();
  const order = {
    ...(await house.session("bd-1", { "one.txt": "1\n" })),
    gate: [{ name: "hang", command: "echo up; exec sleep 600" }],
  };
  const queued = await house.session("bd-2", { "two.txt": "2\n" });
  const tip = await house.tip();
  const lanes = startLanes(house, {
    runShell: (shell) => house.deps.runShell({ ...shell, onOutput: () => started.happen() }),
  });
  const [landing, behind] = [lanes.land(order), lanes.land(queued)];
  await started.happened;

  expect(await lanes.cancel(queued.id)).toBe(true);
  expect(await lanes.cancel(order.id)).toBe(true);
  expect([(await landing).status, (await behind).status]).toEqual(["cancelled", "cancelled"]);
  expect(await house.tip()).toBe(tip);
  expect(await house.repository.git("for-each-ref", "refs/amplify")).toBe("");
  expect(await lanes.cancel(order.id)).toBe(false);
});

it("[M8] a base that somebody else moves is merged again, and never overwritten", async () => {
  await using house = await createLaneHouse();
  await house.repository.git("switch", "--quiet", "--detach");
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  let moves = 0;
  const git = {
    ...house.deps.git,
    moveRef: async (...args: Parameters<typeof house.deps.git.moveRef>) => {
      if (args[1] === "refs/heads/main" && moves < 3) {
        moves += 1;
        await outsider(house, `outside-${moves}.txt`);
      }
      return house.deps.git.moveRef(...args);
    },
  };
  const view = await startLanes(house, { git }).land(order);

  expect(view.status).toBe("landed");
  expect((await house.store.find(order.id))!.journal.attempt).toBe(4);
  expect(await house.repository.git("ls-tree", "--name-only", "main")).toBe(
    "a.txt\nb.txt\none.txt\noutside-1.txt\noutside-2.txt\noutside-3.txt",
  );
});

it("[M9] gives up on a base that moved five times, with nothing changed by us", async () => {
  await using house = await createLaneHouse();
  await house.repository.git("switch", "--quiet", "--detach");
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  let moves = 0;
  const git = {
    ...house.deps.git,
    moveRef: async (...args: Parameters<typeof house.deps.git.moveRef>) => {
      if (args[1] === "refs/heads/main") await outsider(house, `outside-${(moves += 1)}.txt`);
      return house.deps.git.moveRef(...args);
    },
  };
  expect(await startLanes(house, { git }).land(order)).toMatchObject({ status: "base-moved" });
  expect(moves).toBe(5);
  expect(await house.repository.git("log", "--merges", "main")).toBe("");
  expect(await house.repository.git("for-each-ref", "refs/amplify")).toBe("");
});

/** Somebody who commits to main with plain git, without a checkout of it. */
async function outsider(house: Awaited<ReturnType<typeof createLaneHouse>>, file: string): Promise<void> {
  const { repository } = house;
  const clone = join(repository.path, "..", "outside");
  await runGit(repository.path, "clone", "--quiet", "--shared", "--branch", "main", repository.path, clone);
  await writeFile(join(clone, file), "outside\n");
  await runGit(clone, "add", "--all");
  await runGit(
    clone,
    "-c",
    "user.name=Eve",
    "-c",
    "user.email=e@example.test",
    "commit",
    "--quiet",
    "-m",
    file,
  );
  await runGit(clone, "push", "--quiet", "origin", "main");
  await rm(clone, { recursive: true });
}

it("[M10] a tracker that fails does not undo the landing: closing is tried again until it is so", async () => {
  await using house = await createLaneHouse();
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  house.backlog.failing = new WorkSourceError("locked", "The database is locked.");
  const lanes = startLanes(house);
  const view = await lanes.land(order);

  expect(view).toMatchObject({ status: "running", step: "checked-out" });
  expect(view.message).toBe(
    "The work is on main. bd-1 could not be closed: The database is locked. It is tried again by itself.",
  );
  expect(await house.repository.git("log", "-1", "--format=%s", "main")).toContain("Merge bd-1");
  expect(house.clock.pending.map(({ ms }) => ms)).toEqual([5000]);

  // The lane is free meanwhile.
  house.backlog.failing = null;
  expect((await lanes.land(await house.session("bd-2", { "two.txt": "2\n" }))).status).toBe("landed");
  house.backlog.failing = new WorkSourceError("timeout", "Too slow.");
  house.clock.pending.shift()!.call();
  expect(await lanes.land(order)).toMatchObject({ status: "running" });
  expect(house.clock.pending.map(({ ms }) => ms)).toEqual([10_000]);
  house.backlog.failing = null;
  house.clock.pending.shift()!.call();
  expect(await lanes.land(order)).toMatchObject({ status: "landed" });
  expect(house.backlog.items.get("bd-1")!.closes).toHaveLength(1);
  expect(await exists(order.worktree)).toBe(false);
});

it("[M11] an item that somebody closed stays as they closed it", async () => {
  await using house = await createLaneHouse();
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  house.backlog.items.get("bd-1")!.status = "closed";
  expect((await startLanes(house).land(order)).status).toBe("landed");
  expect(house.backlog.items.get("bd-1")!.closes).toEqual([]);
});

it("[M12] takes in what somebody merged with plain git, and finishes only what they left", async () => {
  await using house = await createLaneHouse();
  const { repository, backlog } = house;
  const order = await house.session("bd-3", { "three.txt": "3\n" });
  const lanes = startLanes(house);
  expect(await lanes.adopt(order)).toBeNull();

  await repository.git("merge", "--quiet", "--no-ff", order.branch, "-m", "Merge bd-3: by hand");
  const commit = await house.tip();
  backlog.items.get("bd-3")!.status = "closed";
  await repository.git("worktree", "remove", order.worktree);
  await repository.commit("Later work");
  const view = await lanes.adopt(order);

  expect(view).toMatchObject({ status: "landed", commit, message: "Merged to main by hand." });
  expect(house.told.every(({ byHand }) => byHand)).toBe(true);
  expect(await repository.git("branch", "--list", "amplify/*")).toBe("");
  expect(
    await repository.git("rev-parse", `refs/amplify/archive/${order.session}/${order.approval.head}`),
  ).toBe(order.approval.head);
});

it("[M13] keeps uncommitted work of the session by an archive ref before its worktree goes", async () => {
  await using house = await createLaneHouse();
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  await writeFile(join(order.worktree, "late.txt"), "late\n");
  await writeFile(join(order.worktree, "one.txt"), "changed\n");
  expect((await startLanes(house).land(order)).status).toBe("landed");

  expect(await exists(order.worktree)).toBe(false);
  const { archived } = (await house.store.find(order.id))!.journal;
  expect(archived).toHaveLength(2);
  expect(await house.repository.git("show", `${archived[1]!}:late.txt`)).toBe("late");
  expect(await house.repository.git("show", `${archived[1]!}:one.txt`)).toBe("changed");
  expect(await house.repository.git("show", "main:one.txt")).toBe("1");
});

it("[M14] ordering the same landing again has no further effect", async () => {
  await using house = await createLaneHouse();
  const order = await house.session("bd-1", { "one.txt": "1\n" });
  const lanes = startLanes(house);
  const [first, second] = await Promise.all([lanes.land(order), lanes.land(order)]);
  expect(second).toEqual(first);
  expect(await lanes.land(order)).toEqual(first);
  expect(await house.repository.git("rev-list", "--merges", "--count", "main")).toBe("1");
  await expect(lanes.land({ ...order, id: "../../x" })).rejects.toThrow("not a valid landing id");
});

it("[M15] tells every step once in order, and the end last", async () => {
  await using house = await createLaneHouse();
  await startLanes(house).land(await house.session("bd-1", { "one.txt": "1\n" }));
  expect(house.told.map(({ view }) => [view.status, view.step])).toEqual([
    ...["previewed", "built", "gated", "moved", "checked-out", "closed", "archived", "cleaned"].map(
      (step) => ["running", step],
    ),
    ["landed", "cleaned"],
  ]);
});

it("[M16] a preview says what a landing would meet, and changes no ref and no file", async () => {
  await using house = await createLaneHouse();
  const { repository } = house;
  const fine = await house.session("bd-1", { "b.txt": "bb\n", "one.txt": "1\n2\n" });
  const clash = await house.session("bd-2", { "a.txt": "theirs\n" });
  await repository.write("a.txt", "ours\n");
  await repository.commit("Ours");
  await repository.write("b.txt", "not committed\n");
  const before = [await repository.git("show-ref"), await repository.git("status", "--porcelain")];
  const lanes = startLanes(house);

  expect(await lanes.preview(fine)).toMatchObject({
    clean: true,
    conflicts: [],
    obstacles: ["b.txt has changes that are not committed"],
    files: 2,
    added: 3,
    removed: 1,
  });
  expect(await lanes.preview(clash)).toMatchObject({ clean: false, conflicts: ["a.txt"], obstacles: [] });
  expect([await repository.git("show-ref"), await repository.git("status", "--porcelain")]).toEqual(before);
});

it("[M17] a tracker's own files never land from a task's branch", async () => {
  await using house = await createLaneHouse({ files: { ".beads/issues.jsonl": "base\n" } });
  const order = await house.session("bd-1", { ".beads/issues.jsonl": "branch\n", "one.txt": "1\n" });
  await house.repository.write(".beads/issues.jsonl", "base, later\n");
  await house.repository.commit("Backlog moved on");
  expect((await startLanes(house).land(order)).status).toBe("landed");
  expect(await house.repository.git("show", "main:.beads/issues.jsonl")).toBe("base, later");
});

it("[M18] a stop leaves a gate's landing to the next server, which lands it", async () => {
  await using house = await createLaneHouse();
  const started = awaited();
  const order = {
    ...(await house.session("bd-1", { "one.txt": "1\n" })),
    gate: [{ name: "slow", command: `test -e ${house.deps.scratchDir}/go || { echo up; exec sleep 600; }` }],
  };
  const first = startLanes(house, {
    runShell: (shell) => house.deps.runShell({ ...shell, onOutput: () => started.happen() }),
  });
  const landing = first.land(order);
  await started.happened;
  await first.stop();
  expect(await landing).toMatchObject({ status: "running", step: "built" });

  await writeFile(join(house.deps.scratchDir, "go"), "");
  await startLanes(house).resume();
  expect(await house.store.find(order.id)).toMatchObject({ status: "landed" });
});
