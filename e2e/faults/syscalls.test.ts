import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventLineSchema, inboxSchema, specSchema, stateSchema } from "#lib/contract/files.ts";
import { runGit } from "../fixtures/repository.ts";
import { actor, carryOut, openOperation, writeState } from "./agent/operation.ts";
import { type OperationStage, stageOperation } from "./harness/stage-operation.ts";
import { openScenario, times } from "./harness/tier.ts";

/** Tracing makes what runs git slow, so the short tier tries those less often. */
const kills = { quick: times(40, 300), slow: times(15, 300) };
const mostTries = 6;
const { dice, count, note } = openScenario("syscalls");
const isPermitted =
  spawnSync("strace", ["-f", "-qq", "-e", "inject=fsync:signal=KILL:when=1", "true"]).status === 0;
if (!isPermitted)
  note("SKIPPED: strace is not there or may not trace, so nothing is killed at a system call");

type Inside = Awaited<ReturnType<typeof openOperation>>;
type Check = (stage: OperationStage, inside: Inside) => Promise<void>;

/** Kills the operation at many of its system calls; each time the next server has to bring it to its one end. */
async function killEverywhere(name: string, stage: OperationStage, kills: number, check: Check) {
  const places = [...(await stage.survey())].flatMap(([call, most]) =>
    Array.from({ length: most }, (_, index) => ({ call, when: index + 1 })),
  );
  count(`places in ${name}`, places.length);
  let killed = 0;
  // Where a program of git's was hit, or a thread that another run did not have, the operation went on: drawn anew.
  for (let tries = 0; killed < kills; tries++) {
    expect(tries, `tries for ${killed} kills that hit ${name}`).toBeLessThan(kills * mostTries);
    const { call, when } = dice.one(places);
    await stage.putBack();
    if (await stage.killAt(call, when)) {
      killed += 1;
      count("kills");
    } else count("misses");
    const where = `${name}, killed at ${call} ${when}`;
    try {
      if (stage.operation.directory !== null) await writeState(stage.operation.directory);
      const inside = await openOperation(stage.operation);
      try {
        await carryOut(inside, stage.operation);
        await check(stage, inside);
      } finally {
        await inside.close();
      }
    } catch (error) {
      throw new Error(where, { cause: error });
    }
  }
}

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));
const sessionOf = async ({ application }: Inside, id: string) =>
  (await application.read("session", { session: id }, { actor })).session;

it.skipIf(!isPermitted)(
  "[V10] a dispatch killed at any system call makes one session and one claim",
  async () => {
    await using stage = await stageOperation(({ item }) =>
      Promise.resolve({ session: null, command: { name: "session:dispatch", input: { item } as never } }),
    );
    await killEverywhere("dispatch", stage, kills.quick, async (_, { application }) => {
      const { sessions } = await application.read("status", { repository: null }, { actor });
      expect(sessions).toHaveLength(1);
      const { directory, item } = sessions[0]!;
      specSchema.parse(await json(join(directory, "spec.json")));
      const now = await application.read("item", { item: item.id }, { actor });
      expect(now.status).toBe("in_progress");
    });
  },
);

it.skipIf(!isPermitted)("[V10] an answer killed at any system call is in the inbox once", async () => {
  await using stage = await stageOperation(async ({ dispatch }) => {
    const { session, runner } = await dispatch();
    await runner.prepare();
    await runner.startStep();
    await runner.ask("Which colour?", ["red", "blue"]);
    const input = { session: session.id, question: "q-1", text: "red" };
    return { session, command: { name: "question:answer", input: input as never } };
  });
  await killEverywhere("answer", stage, kills.quick, async ({ session }, { application }) => {
    const names = (await readdir(join(session!.directory, "inbox"))).filter((name) => !name.startsWith("."));
    expect(names).toEqual(["0001-answer.json"]);
    expect(inboxSchema.parse(await json(join(session!.directory, "inbox/0001-answer.json")))).toMatchObject({
      question: "q-1",
      choices: [{ labels: ["red"] }],
    });
    const { questions } = await application.read("session", { session: session!.id }, { actor });
    expect(questions).toMatchObject([{ id: "q-1", status: "answered" }]);
  });
});

it.skipIf(!isPermitted)("[V10] a landing killed at any system call lands once", async () => {
  await using stage = await stageOperation(async ({ dispatch }) => {
    const { session, runner } = await dispatch();
    await runner.bringToApproval();
    return { session, command: { name: "merge:start", input: { session: session.id } as never } };
  });
  await killEverywhere("landing", stage, kills.slow, async ({ session, repository }, inside) => {
    const now = await sessionOf(inside, session!.id);
    expect(now.status, JSON.stringify(now.reason)).toBe("merged");
    expect((await runGit(repository, "log", "--merges", "--format=%s", "main")).split("\n")).toHaveLength(1);
    expect(await runGit(repository, "show", "main:work.txt")).toBe("done");
    expect(await runGit(repository, "status", "--porcelain")).toBe("");
    expect(await runGit(repository, "for-each-ref", "refs/amplify/landing", "refs/heads/amplify")).toBe("");
    expect((await runGit(repository, "worktree", "list")).split("\n")).toHaveLength(1);
    const item = await inside.application.read("item", { item: session!.item.id }, { actor });
    expect(item.status).toBe("closed");
  });
});

it.skipIf(!isPermitted)("[V10] a clean-up killed at any system call loses no work", async () => {
  await using stage = await stageOperation(async ({ dispatch }) => {
    const { session, runner } = await dispatch();
    await runner.prepare();
    await runner.startStep();
    await runner.work("kept.txt", "committed\n");
    const failure = { reason: "agent-killed", detail: "SIGKILL" } as const;
    await runner.write({ kind: "failed", failure });
    // A new dispatch of the item archives what is there.
    return { session, command: { name: "session:dispatch", input: { item: session.item.id } as never } };
  });
  await killEverywhere("clean-up", stage, kills.slow, async ({ session, repository }, { application }) => {
    const refs = await runGit(
      repository,
      "for-each-ref",
      "--format=%(refname)",
      `refs/amplify/archive/${session!.id}`,
    );
    const files = await Promise.all(
      refs.split("\n").map((ref) => runGit(repository, "ls-tree", "--name-only", ref)),
    );
    expect(files.join("\n")).toContain("kept.txt");
    expect(existsSync(session!.worktree)).toBe(false);
    expect(await runGit(repository, "for-each-ref", "refs/heads/amplify")).toBe("");
    const { sessions } = await application.read("status", { repository: null }, { actor });
    // The old one, and exactly one new.
    expect(sessions.filter(({ id }) => id !== session!.id)).toHaveLength(1);
  });
});

it.skipIf(!isPermitted)(
  "[V10] a runner killed at any system call of its state loses no event and tears no file",
  async () => {
    await using stage = await stageOperation(async ({ dispatch }) => {
      const { session, runner } = await dispatch();
      await runner.prepare();
      return { session, command: null, isRunners: true };
    });
    await killEverywhere("state write", stage, kills.quick, async ({ session }) => {
      const { directory } = session!;
      const lines = (await readFile(join(directory, "events.jsonl"), "utf8")).split("\n").slice(0, -1);
      const events = lines.map((line) => eventLineSchema.parse(JSON.parse(line)));
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      const words = events.flatMap(({ event }) => (event.kind === "warned" ? event.text : []));
      // What was written before the kill stands, and the repetition follows it.
      expect(words.slice(-3)).toEqual(["Word 1", "Word 2", "Word 3"]);
      const state = stateSchema.parse(await json(join(directory, "state.json")));
      expect(state).toMatchObject({ status: "running", seq: events.length });
      const log = await readFile(join(directory, "output.log"), "utf8");
      expect(log.match(/Word \d/g)).toEqual(words);
    });
  },
);
