import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { answersFileSchema, questionsFileSchema, reviewSchema, stateSchema } from "#lib/contract/files.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { createProcesses } from "#server/adapters/process/processes.ts";
import { setStage, type Stage } from "#e2e/fakes/scripted-agent/stage.ts";
import { runGit } from "../../e2e/fixtures/repository.ts";

function failureOf(events: readonly RunEvent[]) {
  const last = events.findLast((event) => event.kind === "failed" || event.kind === "step-failed");
  return last && "failure" in last ? last.failure : null;
}
const isFailed = (event: RunEvent) => event.kind === "failed" || event.kind === "step-failed";

describe("a session from its spec to its verdict", () => {
  it("[R1] runs through a question to an approval, with all its files", async () => {
    await using stage = await setStage("question");
    const runner = await stage.start();
    const asked = await stage.untilKind("step-asked");
    const question = asked.find((event) => event.kind === "step-asked")!.question;
    expect(question).toMatchObject({ id: "q-1", toolUseId: "call-1", asker: { phase: "implementation" } });
    await stage.decide({ kind: "answer", question: question.id, choices: [{ labels: ["blue"], text: "" }] });
    await stage.untilKind("review-concluded");
    await runner.stop();
    expect(await stage.kinds()).toEqual([
      ...["prepared", "step-started", "step-spawned", "step-asked", "answered"],
      ...["step-started", "step-spawned", "step-finished", "validated", "completed", "council-opened"],
      ...["step-started", "step-spawned", "step-finished", "part-held", "review-concluded"],
    ]);
    const state = stateSchema.parse(await stage.json("state.json"));
    expect(state).toMatchObject({
      status: "approved",
      phase: "review",
      verdict: "approved",
      pid: null,
      seq: 16,
    });
    expect(state.costUsd).toBe(0.75);
    const review = reviewSchema.parse(await stage.json("review.json"));
    expect(review).toMatchObject({ verdict: "approved", by: "consensus", base: stage.spec.base.oid });
    expect(review.head).toBe(await stage.repository.git("rev-parse", "amplify/bd-auth.1"));
    expect(questionsFileSchema.parse(await stage.json("questions.json"))).toMatchObject([
      { status: "answered", answer: { by: "Ada" } },
    ]);
    expect(answersFileSchema.parse(await stage.json("answers.json"))).toMatchObject([
      { question: "q-1", answer: "blue", by: "Ada" },
    ]);
    expect(await readFile(join(stage.worktree, "colour.txt"), "utf8")).toBe("blue\n");
    const summary = await stage.text("summary.md");
    expect(summary).toMatch(/^# Paint it in the colour that was asked for\n/);
    expect(summary).toContain("That is all.");
    expect(summary).toContain("not validated");
    expect(await stage.repository.git("status", "--porcelain")).toBe("");
  });

  it("[R2] ends output.log with the one line of the verdict, which no agent can write", async () => {
    await using stage = await setStage("question");
    const runner = await stage.start();
    await stage.untilKind("step-asked");
    await stage.decide({
      kind: "answer",
      question: "q-1" as never,
      choices: [{ labels: ["red"], text: "" }],
    });
    await stage.untilKind("review-concluded");
    await runner.stop();
    const lines = (await stage.text("output.log")).trimEnd().split("\n");
    expect(lines.at(-1)).toBe("REVIEW_VERDICT: APPROVED");
    expect(lines.filter((line) => line.startsWith("REVIEW_VERDICT"))).toHaveLength(1);
    expect(lines).toContain("  REVIEW_VERDICT: APPROVED");
  });

  it("[R3] keeps folders at 0700 and files at 0600", async () => {
    // As main.ts has it, for what the agent's wrapper writes.
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    await using stage = await setStage("agree");
    const runner = await stage.start();
    await stage.untilKind("review-concluded");
    await runner.stop();
    const look = (path: string): [string, number][] =>
      readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
        const at = join(path, entry.name);
        const mode: [string, number] = [at, statSync(at).mode & 0o077];
        return entry.isDirectory() ? [mode, ...look(at)] : [mode];
      });
    const ours = look(stage.directory).filter(([path]) => !/order|prepared|scripted|reports/.test(path));
    expect(ours.filter(([path, mode]) => mode !== 0 && !path.endsWith("/inbox"))).toEqual([]);
  });

  it("[R4] refuses a second runner on the same data folder, and lets the next one in", async () => {
    await using stage = await setStage("agree");
    const runner = await stage.start();
    await expect(stage.start()).rejects.toThrow("already works");
    await runner.stop();
    await expect(stage.start()).resolves.toBeDefined();
  });
});

describe("what can go wrong", () => {
  it("[R5] sends a red validation back to the agent, which repairs it", async () => {
    await using stage = await setStage("repair", {
      validate: [{ name: "fixed", command: "echo CHECKING; test -f fixed.txt" }],
    });
    const runner = await stage.start();
    await stage.untilKind("review-concluded");
    await runner.stop();
    const validated = (await stage.events()).filter((event) => event.kind === "validated");
    expect(validated.map(({ validation }) => validation.passed)).toEqual([false, true]);
    expect(await stage.text("steps/002/prompt.md")).toContain(
      "`echo CHECKING; test -f fixed.txt` ended with 1",
    );
    expect(await stage.text("output.log")).toContain("  CHECKING");
    expect(await stage.text("summary.md")).toMatch(/^# Do the work\n/);
  });

  it.each([
    { what: "an empty list runs none", validate: [], ran: [] },
    { what: "without a list the worktree's own scripts are run", validate: null, ran: ["test"] },
  ])("[R44] $what", async ({ validate, ran }) => {
    const script = `printf '{"scripts":{"test":"true"}}' > package.json`;
    const ignore = `echo package.json >> "$(git rev-parse --git-common-dir)/info/exclude"`;
    const setup = [{ name: "package", command: `${script} && ${ignore}` }];
    await using stage = await setStage("agree", { validate, setup });
    await stage.start();
    const validated = (await stage.untilKind("validated")).find((event) => event.kind === "validated");
    expect(validated?.validation.commands.map(({ name }) => name)).toEqual(ran);
  });

  it("[R6] fails with validation-red when the repairs are used up", async () => {
    await using stage = await setStage("agree", {
      validate: [{ name: "never", command: "false" }],
      limits: { repairs: 0 },
    });
    await stage.start();
    const events = await stage.until((event) => event.kind === "validated");
    expect(events.at(-1)).toMatchObject({ kind: "validated", validation: { passed: false } });
    const state = await stage.untilText("state.json", /"status": "failed"/);
    expect(state).toContain("validation-red");
  });

  it("[R7] leaves a session without a change to a person", async () => {
    await using stage = await setStage("idle");
    await stage.start();
    expect(failureOf(await stage.until(isFailed))?.reason).toBe("no-change");
  });

  it("[R8] reminds of what was left uncommitted once, then commits it itself", async () => {
    await using stage = await setStage("leftovers");
    await stage.start();
    const events = await stage.untilKind("review-concluded");
    expect(events.filter((event) => event.kind === "left-uncommitted")).toMatchObject([
      { files: ["left.txt"] },
    ]);
    expect(await stage.repository.git("show", "amplify/bd-auth.1:left.txt")).toBe("behind");
    expect(await stage.repository.git("log", "-1", "--format=%an", "amplify/bd-auth.1")).toBe("Ada Example");
  });

  it("[R9] takes plain text and a good exit for no result", async () => {
    await using stage = await setStage("plain");
    await stage.start();
    expect(failureOf(await stage.until(isFailed))?.reason).toBe("agent-no-result");
  });

  it("[R10] calls an agent that was killed a failure, and starts nothing by itself", async () => {
    await using stage = await setStage("hang");
    const runner = await stage.start();
    await stage.until((event) => event.kind === "step-spawned");
    const pid = await scriptedPid(stage);
    process.kill(pid, "SIGKILL");
    expect(failureOf(await stage.until(isFailed))?.reason).toBe("agent-killed");
    await runner.stop();
    expect((await stage.kinds()).filter((kind) => kind === "step-started")).toHaveLength(1);
    expect(await childLives(stage.spec.session)).toBe(false);
  });

  it("[R11] ends the whole tree on stop, keeps the work findable, and goes on after a resume", async () => {
    await using stage = await setStage("hang");
    const runner = await stage.start();
    await scriptedPid(stage);
    await stage.decide({ kind: "stop", discard: false, reason: "" });
    await stage.untilKind("stopped");
    expect(await childLives(stage.spec.session)).toBe(false);
    expect(await stage.repository.git("for-each-ref", "--format=%(refname)", "refs/amplify/archive")).toBe(
      `refs/amplify/archive/${stage.spec.session}/${await stage.repository.git("rev-parse", stage.spec.branch)}`,
    );
    await stage.decide({ kind: "resume", note: "go on", fresh: false });
    await stage.untilKind("step-spawned", 2);
    expect(await stage.text("steps/002/prompt.md")).toContain("go on");
    await runner.stop();
  });

  it("[R12] ends an agent whose output passes the limit", async () => {
    await using stage = await setStage("steady", { limits: { logBytes: 2000 } });
    await stage.start();
    expect(failureOf(await stage.until(isFailed))?.reason).toBe("log-flood");
  });

  it("[R100] says so within seconds when its worktree is taken away, ends the agent and keeps what was committed", async () => {
    await using stage = await setStage("hang");
    await stage.start();
    await scriptedPid(stage);
    const head = await stage.repository.git("rev-parse", stage.spec.branch);
    await stage.repository.git("worktree", "remove", "--force", stage.worktree);
    const removedAt = Date.now();
    const failure = failureOf(await stage.until(isFailed));
    expect(failure?.reason).toBe("worktree-missing");
    expect(Date.now() - removedAt).toBeLessThan(10_000);
    expect(failure?.detail).toContain(`refs/amplify/archive/${stage.spec.session}/${head}`);
    expect(await childLives(stage.spec.session)).toBe(false);
    expect(
      await stage.repository.git("rev-parse", `refs/amplify/archive/${stage.spec.session}/${head}`),
    ).toBe(head);
  });

  it("[R13] does not take a worktree or a path that is somebody else's", async () => {
    await using stage = await setStage("agree");
    await stage.repository.git("worktree", "add", "-q", "-b", "mine", stage.worktree);
    await stage.start();
    expect(failureOf(await stage.until(isFailed))?.reason).toBe("worktree-busy");
    expect(existsSync(join(stage.worktree, "README.md"))).toBe(true);
  });

  it("[R14] fails with setup-failed and the command's own words, and tries again on resume", async () => {
    await using stage = await setStage("agree", {
      setup: [{ name: "install", command: 'echo WORDS; test -f "$AMPLIFY_SESSION_DIR/allowed"' }],
    });
    await stage.start();
    const failure = failureOf(await stage.until(isFailed));
    expect(failure).toMatchObject({ reason: "setup-failed" });
    expect(failure?.detail).toContain("WORDS");
    await writeFile(join(stage.directory, "allowed"), "");
    await stage.decide({ kind: "resume", note: "", fresh: false });
    await stage.untilKind("review-concluded");
  });

  it("[R15] says that a spec cannot be read, also to each decision that comes then", async () => {
    await using stage = await setStage("agree");
    await writeFile(join(stage.directory, "spec.json"), '{"version": 9}');
    await stage.decide({ kind: "resume", note: "", fresh: false });
    const first = await stage.start();
    await first.stop();
    await stage.start();
    const events = await stage.events();
    expect(failureOf(events.slice(0, 1))?.reason).toBe("bad-spec");
    expect(events.slice(1)).toMatchObject([
      { kind: "handled", inbox: 1, outcome: expect.stringContaining("spec.json") },
    ]);
  });
});

describe("what people and agents put into the directory", () => {
  it("[R16] handles what does not apply with the reason, and what cannot be read too", async () => {
    await using stage = await setStage("question");
    await stage.start();
    await stage.untilKind("step-asked");
    await stage.decide({
      kind: "answer",
      question: "q-1" as never,
      choices: [{ labels: ["green"], text: "" }],
    });
    await stage.decide({ kind: "rework", note: "", comments: [] });
    await writeFile(join(stage.directory, "inbox", "0003-answer.json"), "{torn");
    const events = await stage.untilKind("handled", 3);
    expect(events.filter((event) => event.kind === "handled")).toMatchObject([
      { inbox: 1, outcome: expect.stringContaining('no option "green"') },
      { inbox: 2, outcome: expect.stringContaining("not at rest") },
      { inbox: 3, outcome: expect.stringContaining("cannot be read"), lost: true },
    ]);
    expect(existsSync(join(stage.directory, "inbox", "0003-answer.json"))).toBe(false);
  });

  it("[R210] says which entries are missing, once, and goes on with those that are there", async () => {
    await using stage = await setStage("question");
    const entry = { number: 4, kind: "message", by: "Ada", at: new Date().toISOString(), text: "Go on" };
    await writeFile(join(stage.directory, "inbox", "0004-message.json"), JSON.stringify(entry));
    await stage.start();
    const events = await stage.untilKind("noted");
    expect(events.filter((event) => event.kind === "handled")).toMatchObject([{ inbox: 3, lost: true }]);
    expect(events.flatMap((event) => (event.kind === "warned" ? event.text : []))).toEqual([
      "Entries 1 to 3 of the inbox: not there.",
    ]);
  });

  it("[R17] never follows a link in the inbox", async () => {
    await using stage = await setStage("question");
    const elsewhere = join(stage.home, "elsewhere.json");
    const entry = {
      number: 1,
      by: "Eve",
      at: new Date().toISOString(),
      kind: "stop",
      discard: false,
      reason: "",
    };
    await writeFile(elsewhere, JSON.stringify(entry));
    await symlink(elsewhere, join(stage.directory, "inbox", "0001-stop.json"));
    await stage.start();
    const events = await stage.untilKind("handled");
    expect(events.some((event) => event.kind === "stopped")).toBe(false);
  });

  it("[R18, R31] takes a question from a file, whose asker goes on living and polls the answer", async () => {
    await using stage = await setStage("polls");
    await stage.start();
    const events = await stage.untilKind("asked");
    expect(events.find((event) => event.kind === "asked")!.question).toMatchObject({
      id: "q-1",
      toolUseId: null,
      prompts: [{ text: "Which colour?", options: [{ label: "red" }, { label: "blue" }] }],
      scene: { tool: null, changes: { files: 0 } },
    });
    await stage.decide({
      kind: "answer",
      question: "q-1" as never,
      choices: [{ labels: ["red"], text: "" }],
    });
    await stage.untilKind("review-concluded");
    expect(await stage.repository.git("show", "amplify/bd-auth.1:colour.txt")).toBe("red");
    expect((await stage.kinds()).filter((kind) => kind === "step-started")).toHaveLength(2);
  });

  it("[R19] takes in what an agent adds to questions.json by hand, and undoes what it forges there", async () => {
    await using stage = await setStage("hang");
    await stage.start();
    await scriptedPid(stage);
    await writeFile(
      join(stage.directory, "questions.json"),
      JSON.stringify([{ id: "mine", question: "By hand?" }, { nonsense: true }]),
    );
    const events = await stage.untilKind("asked");
    expect(events.find((event) => event.kind === "asked")!.question.prompts[0]!.text).toBe("By hand?");
    await stage.untilKind("warned");
    await stage.decide({ kind: "stop", discard: false, reason: "" });
    await stage.untilKind("stopped");
    expect((await stage.kinds()).filter((kind) => kind === "asked")).toHaveLength(1);
  });

  it("[R20] tells a working session a message before its work is reviewed, and no council hears it", async () => {
    await using stage = await setStage("question");
    await stage.start();
    await stage.untilKind("step-asked");
    await stage.decide({ kind: "message", text: "MIND-THE-GAP" });
    await stage.untilKind("noted");
    await stage.decide({
      kind: "answer",
      question: "q-1" as never,
      choices: [{ labels: ["red"], text: "" }],
    });
    await stage.untilKind("review-concluded");
    expect(await stage.text("steps/003/prompt.md")).toContain("A person says:\n\nMIND-THE-GAP");
    expect(await stage.text("steps/004/prompt.md")).not.toContain("MIND-THE-GAP");
    expect(await stage.repository.git("show", "amplify/bd-auth.1:said.txt")).toBe("heard");
  });

  it("[R21] gives the agent what the allow-list names and nothing else", async () => {
    process.env["SECRET_OF_THE_RUNNER"] = "1";
    process.env["PASSED_ON"] = "2";
    await using stage = await setStage("agree", { passEnv: ["PASSED_ON"], env: { GIVEN: "3" } });
    await stage.start();
    await stage.untilKind("review-concluded");
    const { env } = JSON.parse(await stage.text("steps/001/order.json")) as { env: Record<string, string> };
    expect(env).not.toHaveProperty("SECRET_OF_THE_RUNNER");
    expect(env).toMatchObject({
      PASSED_ON: "2",
      GIVEN: "3",
      BEADS_ACTOR: `amplify/${stage.spec.session}`,
      AMPLIFY_SESSION_DIR: stage.directory,
      BEADS_DIR: join(stage.repository.path, ".beads"),
    });
  });

  it("[R22] carries ignored files along, and never out of the repository or into a commit", async () => {
    await using stage = await setStage("agree", {
      carry: [
        { path: "ignored/data", how: "copy" },
        { path: "../outside", how: "copy" },
        { path: "tracked-not.txt", how: "copy" },
        { path: "ignored/link", how: "link" },
      ],
    });
    await stage.repository.write("ignored/data", "DATA");
    await stage.repository.write("ignored/link", "LINKED");
    await stage.repository.write("tracked-not.txt", "x");
    await stage.start();
    const events = await stage.untilKind("prepared");
    expect(await readFile(join(stage.worktree, "ignored/data"), "utf8")).toBe("DATA");
    expect(await readFile(join(stage.worktree, "ignored/link"), "utf8")).toBe("LINKED");
    expect(events.filter((event) => event.kind === "warned").map(({ text }) => text)).toEqual([
      expect.stringContaining("leaves the repository"),
      expect.stringContaining("does not ignore it"),
    ]);
  });
});

describe("after the verdict", () => {
  it("[R23] merges a moved base in, and reviews the result again", async () => {
    await using stage = await setStage("agree");
    await stage.start();
    await stage.untilKind("review-concluded");
    await stage.repository.write("other.txt", "other\n");
    const base = await stage.repository.commit("Go on");
    await stage.decide({ kind: "recheck", base: base as never });
    const events = await stage.untilKind("review-concluded", 2);
    expect(events.findLast((event) => event.kind === "review-concluded")!.review).toMatchObject({
      base,
      verdict: "approved",
    });
    expect(await stage.repository.git("merge-base", base, "amplify/bd-auth.1")).toBe(base);
  });

  it("[R101] lets the whole council see what somebody else committed to an approved branch", async () => {
    await using stage = await setStage("agree");
    await stage.start();
    await stage.untilKind("review-concluded");
    const head = await stage.repository.git("rev-parse", "amplify/bd-auth.1");
    await runGit(stage.worktree, "commit", "--quiet", "--allow-empty", "--message", "Unseen");
    const moved = await stage.repository.git("rev-parse", "amplify/bd-auth.1");
    const base = await stage.repository.git("rev-parse", "main");
    await stage.decide({ kind: "recheck", base: base as never });
    const events = await stage.untilKind("review-concluded", 2);
    expect(events.find((event) => event.kind === "base-merged")).toMatchObject({
      head: moved,
      foreign: true,
    });
    expect(events.findLast((event) => event.kind === "review-concluded")!.review).toMatchObject({
      head: moved,
      by: "consensus",
    });
    expect(moved).not.toBe(head);
  });

  it("[R24] hands a conflict with the moved base to the agent", async () => {
    await using stage = await setStage("agree");
    await stage.start();
    await stage.untilKind("review-concluded");
    await stage.repository.write("work.txt", "somebody else's\n");
    const base = await stage.repository.commit("Be in the way");
    await stage.decide({ kind: "recheck", base: base as never });
    await stage.untilKind("review-concluded", 2);
    const events = await stage.events();
    expect(events.find((event) => event.kind === "base-merged")).toMatchObject({ conflicts: ["work.txt"] });
    expect(await stage.text("steps/003/prompt.md")).toContain("- work.txt");
    expect(await stage.repository.git("merge-base", base, "amplify/bd-auth.1")).toBe(base);
    expect(await stage.repository.git("show", "amplify/bd-auth.1:work.txt")).toBe("done");
  });
});

/** The pid of the scripted agent, once it has said that it has a child. */
async function scriptedPid(stage: Stage): Promise<number> {
  await stage.untilText("scripted.log", /child/);
  return Number(await stage.text("scripted.pid"));
}

async function childLives(session: string): Promise<boolean> {
  return (await createProcesses().marked(`${session}/1`)).length > 0;
}
