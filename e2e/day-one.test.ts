import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ItemView, LoopView, ReadOutput } from "#lib/contract/wire.ts";
import { createTestApplication } from "./fixtures/application.ts";
import { writeTool } from "./fixtures/house.ts";
import { asks, createRehearsalHouse, type RehearsalHouse } from "./fixtures/rehearsal-house.ts";
import { createRepository, type TestRepository } from "./fixtures/repository.ts";

const launcher = fileURLToPath(new URL("../bin/amplify.js", import.meta.url));
const groups = ["Active (0)", "Questions (0)", "Awaiting review (0)", "Ready to merge (0)"];
const conflicting = "conflict: README.md\ncommit: Change the first line";

/**
 * What has to pass on the first day, point by point, from the command line: with the built-in backlog and the rehearsal agent.
 * The same with `bd` and `claude` is in `real/day-one.test.ts`.
 */
describe("day one, point by point", { timeout: 120_000 }, () => {
  let tools: string;
  let house: RehearsalHouse;
  let other: TestRepository;
  let first: string;

  beforeAll(async () => {
    tools = await realpath(await mkdtemp(join(tmpdir(), "amplify-tools-")));
    const recorded = join(tools, "arguments");
    const claude = await writeTool(
      tools,
      "claude",
      `#!/bin/sh\n[ "$1" = --version ] && { echo "2.1.330 (Claude Code)"; exit 0; }\n{ pwd; printf '%s\\n' "$@"; } > ${recorded}\necho done\n`,
    );
    house = await createRehearsalHouse({ registered: false, tools: { claude } });
    other = await createRepository();
  }, 120_000);

  afterAll(async () => {
    await house[Symbol.asyncDispose]();
    await other.dispose();
    await rm(tools, { recursive: true });
  }, 60_000);

  /** Runs the command and gives what it printed; a refusal fails the test with its words. */
  async function amplify(...args: string[]): Promise<string> {
    const { exit, stdout, stderr } = await house.amplify(...args);
    if (exit !== 0) throw new Error(`amplify ${args.join(" ")} ended with ${exit}: ${stderr}${stdout}`);
    return stdout;
  }
  const item = (id: string) => house.json<ReadOutput<"item">>("item", "show", id);
  const worktrees = () => house.repository.git("worktree", "list");
  /** A command that goes on, and what it has said so far. */
  function begin(...args: string[]) {
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd: house.repository.path,
      env: { NODE_ENV: "production", ...house.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    return {
      exit,
      text: () => text,
      kill: (signal: NodeJS.Signals) => child.kill(signal),
      says: (words: string) => house.until(words, () => Promise.resolve(text.includes(words) || null)),
    };
  }

  it("[E50] 1: status shows four groups of zeros before anything is registered", async () => {
    const shown = await amplify("session", "status");
    for (const group of groups) expect(shown).toContain(group);
  });

  it("[E51] 2: a dispatch gives the item its worktree and leaves the checkout clean; an unknown type claims nothing", async () => {
    await amplify("repo", "add");
    const epic = await house.createItem("Let people log in", undefined, "-t", "epic");
    first = await house.createItem("Hash passwords", "write: hash.txt\n  bcrypt", "--parent", epic);
    expect(first).toBe(`${epic}.1`);
    const refused = await house.amplify("session", "dispatch", first, "nosuch-type");
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain("backend-engineer");
    expect(await item(first)).toMatchObject({ status: "open", assignee: null });
    const said = await amplify("session", "dispatch", first, "backend-engineer");
    expect(said).toMatch(/^session-\S+-1-[a-z0-9]{6}$/m);
    await house.until(
      "its worktree",
      async () => (await worktrees()).includes(`.worktrees/${first}`) || null,
    );
    expect(await house.repository.git("status", "--porcelain")).toBe("");
  });

  it("[E52] 3: the `claude` on PATH gets both flags, in the worktree", async () => {
    const at = ["-C", other.path];
    await amplify(...at, "repo", "add");
    const made = await house.json<{ item: ItemView }>(...at, "item", "add", "Paint the banner");
    const { session } = await house.json<ReadOutput<"session">>(...at, "session", "dispatch", made.item.id);
    await house.until("its end", async () => (await house.session(session.id)).status === "failed" || null);
    // A program that prints no stream and ends well is no success.
    expect((await house.session(session.id)).reason?.code).toBe("agent-no-result");
    const [folder, ...args] = (await readFile(join(tools, "arguments"), "utf8")).trimEnd().split("\n");
    expect(folder).toBe(join(other.path, ".worktrees", made.item.id));
    expect(args).toEqual(expect.arrayContaining(["--dangerously-skip-permissions", "-p"]));
  });

  it("[E53] 4: a killed agent is failed, cleanup says so, and the item can be dispatched again", async () => {
    const busy = await house.createItem("Never end", "say: At work.\nfail: hang");
    await amplify("session", "dispatch", busy);
    const pid = await house.until("its agent", async () => (await house.session(busy)).pid);
    process.kill(pid, "SIGKILL");
    await house.until("failed", async () => {
      await amplify("session", "cleanup");
      return (await house.session(busy)).status === "failed" || null;
    });
    expect(await amplify("session", "dispatch", busy)).toContain("Replaced session-");
    await amplify("session", "stop", busy, "--discard");
    await house.until("stopped", async () => (await house.session(busy)).status === "stopped" || null);
    await amplify("item", "close", busy);
  });

  it("[E54] 5: dispatch-ready takes a project by either name, and each line names item and type", async () => {
    const inAuth = ["-l", "project:auth"];
    const login = await house.createItem(
      "Add a login",
      undefined,
      ...inAuth,
      "-l",
      "agent:frontend-engineer",
    );
    const logout = await house.createItem("Add a logout", undefined, ...inAuth);
    const later = await house.createItem("Log it", undefined, ...inAuth, "--after", login);
    const said = await amplify("session", "dispatch-ready", "auth");
    expect(said).toMatch(
      new RegExp(
        `^Dispatched ${login} \\(frontend-engineer: label agent:frontend-engineer\\)  session-`,
        "m",
      ),
    );
    expect(said).toMatch(
      new RegExp(`^Dispatched ${logout} \\(default: no label and no rule names a type\\)  session-`, "m"),
    );
    expect(said).toMatch(new RegExp(`^Skipped ${later}: blocked by ${login}  Log it$`, "m"));
    expect(said.trimEnd().split("\n")).toHaveLength(3);
    const again = await amplify("session", "dispatch-ready", "project:auth");
    for (const id of [login, logout]) expect(again).toContain(`Skipped ${id}: has session-`);
    expect(again).toContain(`Skipped ${later}: blocked by ${login}`);
    const unknown = await house.amplify("session", "dispatch-ready", "nosuch");
    expect(unknown.exit).toBe(1);
    expect(unknown.stderr + unknown.stdout).toContain("auth");
    await house.reach(login, "approved");
    await house.reach(logout, "approved");
  });

  it("[E55] 6: the log ends with the verdict, every file is there, and orchestrator.json has it after a restart too", async () => {
    const { id, directory } = await house.reach(first, "approved");
    const lines = (await readFile(join(directory, "output.log"), "utf8")).trimEnd().split("\n");
    expect(lines.at(-1)).toBe("REVIEW_VERDICT: APPROVED");
    const files = ["state.json", "questions.json", "answers.json", "summary.md", "review.json", "output.log"];
    expect(await readdir(directory)).toEqual(expect.arrayContaining(files));
    const listed = () => readFile(join(directory, "..", "..", "orchestrator.json"), "utf8");
    expect(await listed()).toContain(id);
    await amplify("serve", "--stop");
    await amplify("session", "status");
    expect(await listed()).toContain(id);
  });

  it("[E57] 8: what is merged with plain git counts as merged by hand", async () => {
    const { branch, worktree } = await house.session(first);
    await house.repository.git("merge", "--no-ff", branch, "-m", `Merge ${first}: by hand`);
    await amplify("item", "close", first, "--reason", "Merged to main");
    await house.repository.git("worktree", "remove", worktree);
    expect(await house.reach(first, "merged")).toMatchObject({ byHand: true });
    const [repository] = await house.json<ReadOutput<"repositories">>("repo", "list");
    expect(repository?.alarms).toEqual([]);
  });

  it("[E56] 7: merge lands all that is approved, each as a merge of two parents, and tidies up", async () => {
    const { sessions } = await house.json<ReadOutput<"status">>("session", "status");
    const approved = sessions.filter(({ status }) => status === "approved");
    expect(approved).toHaveLength(2);
    await amplify("session", "merge");
    const log = await house.repository.git("log", "--merges", "-2", "--format=%s|%P");
    for (const line of log.split("\n")) {
      expect(line).toMatch(/^Merge [A-Za-z0-9.-]+: \S/);
      expect(line.split("|")[1]?.split(" ")).toHaveLength(2);
    }
    for (const { item: landed } of approved)
      expect(await item(landed.id)).toMatchObject({ status: "closed", closeReason: "Merged to main" });
    expect((await worktrees()).split("\n")).toHaveLength(1);
  });

  it("[E58] 9: a conflict names its files and touches nothing; send-back and a new dispatch both go on", async () => {
    const { repository } = house;
    const mine = await house.createItem("Change the first line", conflicting);
    const yours = await house.createItem("Change it too", conflicting);
    for (const id of [mine, yours]) await amplify("session", "dispatch", id);
    for (const id of [mine, yours]) await house.reach(id, "approved");
    await repository.write("README.md", "# Main's own\n");
    await repository.git("commit", "-q", "-am", "Change the same line");
    for (const id of [mine, yours]) {
      const refused = await house.amplify("session", "merge", id);
      expect(refused.exit).toBe(1);
      expect(refused.stdout).toContain("conflict: README.md");
      expect(refused.stdout).toContain("amplify session send-back");
      expect(await house.session(id)).toMatchObject({ status: "failed", reason: { code: "merge-conflict" } });
    }
    expect(await repository.git("status", "--porcelain")).toBe("");
    expect((await item(mine)).assignee).toBe(`amplify/${(await house.session(mine)).id}`);
    expect(await amplify("session", "send-back", mine, "Keep both lines.")).toContain("Sent session-");
    expect(await amplify("session", "dispatch", yours)).toContain("Replaced session-");
    await amplify("session", "stop", yours, "--discard");
    await house.until("stopped", async () => (await house.session(yours)).status === "stopped" || null);
    await amplify("item", "close", yours);
    await house.reach(mine, "approved");
    await amplify("session", "merge", mine);
    expect(await repository.git("show", "HEAD:README.md")).toContain("# Main's own");
  });

  it("[E59] 10: review shows the councils and starts nothing", async () => {
    const before = await house.json<ReadOutput<"status">>("session", "status");
    const said = await amplify("session", "review");
    expect(said).toContain("run by themselves");
    expect(said).toContain("APPROVED");
    const after = await house.json<ReadOutput<"status">>("session", "status");
    const steps = ({ sessions }: typeof after) => sessions.map((each) => [each.id, each.steps, each.status]);
    expect(steps(after)).toEqual(steps(before));
  });

  it("[E60] 11: execute works a project off to its end, with a question that another shell answers", async () => {
    const inShop = ["-l", "project:shop"];
    const asked = await house.createItem("Paint the shop", asks, ...inShop);
    const after = await house.createItem("Open the shop", undefined, ...inShop, "--after", asked);
    const run = begin("session", "execute", "shop");
    await run.says("amplify session answer");
    expect(run.text()).toContain("Which colour?");
    await amplify("session", "answer", "blue");
    expect(await run.exit, run.text()).toBe(0);
    for (const id of [asked, after]) expect((await house.session(id)).status).toBe("merged");
    expect(await house.repository.git("show", "HEAD:colour.txt")).toBe("blue");
  });

  it("[E61] execute ends with 2 and the reason where items are parked, and begins no more than it may", async () => {
    const inLab = ["-l", "project:lab"];
    const fails = await house.createItem("Do nothing", "fail: no-change", ...inLab, "-p", "0");
    const never = await house.createItem("Not begun", undefined, ...inLab, "-p", "4");
    const run = await house.amplify("session", "execute", "lab", "--max-sessions", "1", "--json");
    expect(run, run.stderr).toMatchObject({ exit: 2 });
    const loop = JSON.parse(run.stdout) as LoopView;
    expect(loop).toMatchObject({ status: "finished", landing: "auto", maxSessions: 1 });
    expect(loop.parked.map(({ item: id }) => id)).toContain(fails);
    expect(await item(never)).toMatchObject({ status: "open", assignee: null });
  });

  it("[E62] Ctrl-C only stops watching, a second execute joins the loop, and a stopped one ends with 1", async () => {
    const busy = await house.createItem("Never end", "say: At work.\nfail: hang", "-l", "project:night");
    const run = begin("session", "execute", "night", "--landing", "ask");
    await run.says(`${busy} starts.`);
    run.kill("SIGINT");
    expect(await run.exit, run.text()).toBe(0);
    expect(run.text()).toContain("The work goes on in the server");
    const joined = begin("session", "execute", "night", "--landing", "ask");
    await joined.says("Already working off");
    expect(await amplify("session", "execute", "night", "--stop")).toContain("Stopped");
    expect(await joined.exit, joined.text()).toBe(1);
    await house.until("its agent", async () => (await house.session(busy)).pid);
    expect(await amplify("session", "execute", "night", "--stop")).toContain("No loop is running");
    const started = await amplify("session", "execute", "night", "--landing", "ask", "--detach");
    expect(started).toContain("Working off the project night");
    await amplify("session", "execute", "night", "--stop");
  });

  it("[E63] 12: 61 silent minutes make a running session stale, and a waiting one never", async () => {
    await using test = await createTestApplication();
    await test.add();
    const { item: made } = await test.command("item:create", { title: "Sit still" });
    const { session, runner } = await test.dispatch(made.id);
    const agent = { pid: 4242, startTicks: "1", bootId: "boot" };
    test.living.add(agent.pid);
    await runner.prepare();
    await runner.startStep(agent);
    await test.fact(({ changes }) => changes.sessions?.[0]?.pid === agent.pid);
    const stream = join(session.directory, "steps/001/stream.jsonl");
    await writeFile(stream, "{}\n");
    await utimes(stream, test.clock.now(), test.clock.now());
    await test.elapse(61 * 60_000);
    const look = async () => (await test.command("session:cleanup", {})).findings;
    expect(await look()).toMatchObject([{ session: session.id, was: "running", done: "stale" }]);
    await runner.ask("Which one?");
    await test.reaches(session.id, "waiting");
    await test.elapse(61 * 60_000);
    expect(await look()).toEqual([]);
    expect((await test.session(session.id)).status).toBe("waiting");
  });

  it("[E64] 13: serve takes over from a command's server, sessions live on, and a viewer lands nothing", async () => {
    const busy = await house
      .json<ReadOutput<"status">>("session", "status")
      .then(({ sessions }) => sessions.find(({ status }) => status === "running"));
    const background = await house.pidOf("server");
    const serve = begin("serve", "--headless");
    await serve.says("http://127.0.0.1");
    expect(await house.pidOf("server")).not.toBe(background);
    expect(await house.session(busy!.id)).toMatchObject({ status: "running", pid: busy!.pid });
    const { secret } = await house.json<{ secret: string }>(
      ...["team", "tokens", "create", "looker", "--role", "viewer"],
    );
    const { url } = await house.json<{ url: string }>("serve", "--status");
    const answer = await fetch(`${url}/api/commands`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "merge:start", key: "viewer-lands-0001", input: {} }),
    });
    expect(answer.status).toBe(403);
    await amplify("session", "stop", busy!.id, "--discard");
    serve.kill("SIGTERM");
    await serve.exit;
  });
});
