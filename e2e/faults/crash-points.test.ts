import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SessionView } from "#lib/contract/wire.ts";
import { type CrashPoint, crashPoints } from "#server/crash-point.ts";
import { runGit } from "../fixtures/repository.ts";
import { expectCommitsKept, expectLogsWhole, expectNoOrphans, expectStartedOnce } from "./harness/oracle.ts";
import { openScenario, times } from "./harness/tier.ts";
import { createWorld, type World } from "./harness/world.ts";

const { dice, count } = openScenario("crash-points");
/** With `--full` each point has a life of its own; else a few lives die often. */
const perLife = times(10, 1);

let world: World;
beforeAll(async () => {
  world = await createWorld({ talk: 30, config: { gate: ["true"] } });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Only a session on its way out comes by these. */
const ofGivingUp = /^(?:archive|release|stop):/;
const givenUp = crashPoints.filter((point) => ofGivingUp.test(point));
const broughtHome = shuffled(crashPoints.filter((point) => !ofGivingUp.test(point)));
const lives = [
  ...inGroups(broughtHome).map((points) => ({ points, live: bringHome })),
  ...inGroups(givenUp).map((points) => ({ points, live: giveUp })),
].map((life) => ({ ...life, at: life.points.join(", ") }));

it.each(lives)("[V4] killed at $at, all goes on as if nothing had been", async ({ points, live }) => {
  const folder = await mkdtemp(join(world.oracle, "proofs-"));
  await world.killServer();
  await world.killRunner();
  using _reviver = revive({ AMPLIFY_CRASH_AT: `${points.join(",")}@${folder}` });
  const session = await live(basename(folder));
  const isComeBy = async () => (await readdir(folder)).length === points.length;
  await world.until("every point is come by", isComeBy).catch(async (cause: unknown) => {
    const seen = await readdir(folder);
    const missed = points.filter((point) => !seen.includes(point));
    throw new Error(`Never come by: ${missed.join(", ")}.`, { cause });
  });
  // The last death may have come after all that the session waited for.
  await world.read("status", {});
  count("points", points.length);
  await expectLogsWhole(world, [session]);
  await expectStartedOnce(world);
  await expectCommitsKept(world);
  expectNoOrphans([session]);
  expect(await runGit(world.repository, "status", "--porcelain")).toBe("");
  expect(await runGit(world.repository, "worktree", "list")).not.toContain(".worktrees/");
});

function inGroups(points: readonly CrashPoint[]): CrashPoint[][] {
  return points.flatMap((_, index) => (index % perLife === 0 ? [points.slice(index, index + perLife)] : []));
}

function shuffled<Value>(values: readonly Value[]): Value[] {
  const places = values.map((value) => ({ value, place: dice.random() }));
  return places.toSorted((a, b) => a.place - b.place).map(({ value }) => value);
}

/** Starts the server, and again where it died; a runner is the server's to start. */
function revive(env: Readonly<Record<string, string>>): Disposable {
  let stopped = false;
  const live = async () => {
    for (;;) {
      await world.serverEnded();
      if (stopped) return;
      world.beginServer(env);
    }
  };
  void live();
  return { [Symbol.dispose]: () => void (stopped = true) };
}

/** Through a question, a council and a landing with a gate. */
async function bringHome(name: string): Promise<SessionView> {
  const script = `ask: Colour | Which colour?\n  - red\n  - blue\nwrite: ${name}.txt\n  {answer}\ncommit: Paint it`;
  const { id, directory, item } = await world.dispatch(name, script);
  await reach(id, "waiting");
  await world.command("question:answer", {
    session: id,
    question: "q-1",
    choices: [{ labels: ["red"], text: "" }],
  });
  await reach(id, "approved");
  await world.command("merge:start", { session: id });
  const session = await reach(id, "merged");
  // Merged is said at the end of the landing; its traces go with it.
  await world.until("the landing ends", async () => {
    const { landings } = await world.read("session", { session: id });
    return landings.every(({ status }) => status === "landed");
  });

  expect(await runGit(world.repository, "show", `main:${name}.txt`)).toBe("red");
  const merges = await runGit(world.repository, "log", "--merges", "--format=%s %p", "main");
  const own = merges.split("\n").filter((line) => line.startsWith(`Merge ${item.id}: `));
  expect(own, "merge commits of it").toHaveLength(1);
  expect(await runGit(world.repository, "for-each-ref", "refs/amplify/landing")).toBe("");
  const answers: unknown = JSON.parse(await readFile(join(directory, "answers.json"), "utf8"));
  expect(answers).toMatchObject([{ question: "q-1", answer: "red" }]);
  const now = await world.read("item", { item: item.id });
  expect(now.status).toBe("closed");
  return session;
}

/** Stopped at work with everything given up: kept under archive refs, and its item is free. */
async function giveUp(name: string): Promise<SessionView> {
  const { id, item } = await world.dispatch(name, `write: a.txt\n  a\nfail: hang`);
  await world.until("the file is there", async () =>
    existsSync(join((await world.session(id)).worktree, "a.txt")),
  );
  await world.command("session:stop", { session: id, discard: true });
  const session = await reach(id, "stopped");
  const refs = await world.until("the work is kept", async () => {
    const kept = await runGit(
      world.repository,
      "for-each-ref",
      "--format=%(refname)",
      `refs/amplify/archive/${id}`,
    );
    const gone = !(await runGit(world.repository, "worktree", "list")).includes(session.worktree);
    return kept !== "" && gone ? kept.split("\n") : null;
  });
  const files = await Promise.all(refs.map((ref) => runGit(world.repository, "ls-tree", "--name-only", ref)));
  expect(files.join("\n")).toContain("a.txt");
  const free = await world.until("the item is free", async () => {
    const now = await world.read("item", { item: item.id });
    return now.status === "open" ? now : null;
  });
  expect(free.assignee).toBeNull();
  return session;
}

function reach(id: string, status: SessionView["status"]): Promise<SessionView> {
  return world.until(`${id} is ${status}`, async () => {
    const session = await world.session(id);
    return session.status === status ? session : null;
  });
}
