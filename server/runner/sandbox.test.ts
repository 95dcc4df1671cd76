import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createScriptedAgent } from "#e2e/fakes/scripted-agent/scripted-agent.ts";
import { setStage } from "#e2e/fakes/scripted-agent/stage.ts";
import { openRuntimeSocket } from "#e2e/fixtures/runtime-socket.ts";
import { createProcesses } from "#server/adapters/process/processes.ts";
import type { Agent, Confinement } from "#server/ports.ts";

const works =
  spawnSync("bwrap", ["--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"]).status === 0;
if (!works) console.warn("LEFT OUT: bubblewrap does not run here, so nothing proves the sandbox.");

/** What each line tries must fail or succeed as it says; the answers go into the step's folder. */
const probe = `try() { name=$1; shift; if sh -c "$*" >/dev/null 2>&1; then echo "$name yes"; else echo "$name no"; fi; }
{ try reads-database cat "$DATA/amplify.db"
  try reads-token cat "$DATA/run/cli-token"
  try lists-data "ls '$DATA/run'"
  try writes-spec "echo x >> '$AMPLIFY_SESSION_DIR/spec.json'"
  try writes-events "echo x >> '$AMPLIFY_SESSION_DIR/events.jsonl'"
  try writes-checkout "echo x > '$ROOT/planted.txt'"
  try writes-hook "echo x > '$ROOT/.git/hooks/post-commit'"
  try writes-config "echo x >> '$ROOT/.git/config'"
  try moves-base "git -C '$ROOT' update-ref refs/heads/main HEAD~0 || false; touch '$ROOT/.git/refs/heads/main'"
  try turns-worktree "mv '$PWD/.git' '$PWD/.git-old'"
  try turns-commondir 'echo /tmp > "$(git rev-parse --git-dir)/commondir"'
  try writes-pack "echo x > '$ROOT/.git/objects/pack/planted'"
  try writes-alternates "echo /tmp > '$ROOT/.git/objects/info/alternates'"
  try writes-elsewhere "echo x > '$OUTSIDE/planted.txt'"
  try signals-us "kill -0 $US"
  try asks-programs '"$NODE" -e "$CONNECT" "$RUNNING"'
  try runs-node '"$NODE" -e 0'
  try reads-worktree "test -f README.md"
  try writes-worktree "echo x > written.txt && rm written.txt"
  try writes-temp "echo x > /tmp/written.txt"
  try writes-ask "echo x > '$AMPLIFY_SESSION_DIR/asks/note.tmp' && rm '$AMPLIFY_SESSION_DIR/asks/note.tmp'"
} > "$STEP/probe.txt"
echo done > made.txt && git add made.txt && git commit -qm "Work in the sandbox"
echo '{"type":"result","text":"Done.","structured":null,"costUsd":0}'`;

describe.skipIf(!works)("the sandbox (left out where bubblewrap does not run)", () => {
  it("[R40] an agent in it writes its worktree and its questions, does its work, and sees and changes nothing else of ours", async () => {
    const outside = await mkdtemp(join("/var", "amplify-outside-")).catch(() =>
      mkdtemp(join(tmpdir(), "amplify-outside-")),
    );
    await using listener = await openRuntimeSocket();
    const [, connect = "", running = ""] = listener?.reach ?? [];
    let data = "";
    let root = "";
    const scripted = createScriptedAgent("agree");
    const agent: Agent = {
      ...scripted,
      async prepare(order) {
        const { env, ...rest } = await scripted.prepare(order);
        const told = {
          DATA: data,
          ROOT: root,
          OUTSIDE: outside,
          US: String(process.pid),
          NODE: process.execPath,
          CONNECT: connect,
          RUNNING: running,
          STEP: order.stepDir,
        };
        return {
          ...rest,
          file: "/bin/sh",
          args: ["-c", probe],
          env: { ...env, ...told },
        };
      },
    };
    await using stage = await setStage(agent, { sandbox: true });
    [data, root] = [stage.home, stage.repository.path];
    await writeFile(join(data, "amplify.db"), "a secret");
    await stage.start();
    const text = await stage.untilText("events.jsonl", /"kind":"step-(?:finished|failed)"/);
    expect(text).not.toContain("step-failed");
    expect(await stage.repository.git("log", "-1", "--format=%s", "amplify/bd-auth.1")).toBe(
      "Work in the sandbox",
    );
    const answers = (await readFile(join(stage.directory, "steps", "001", "probe.txt"), "utf8"))
      .trim()
      .split("\n");
    const may = answers.filter((line) => line.endsWith(" yes")).map((line) => line.replace(" yes", ""));
    expect(may).toEqual(["runs-node", "reads-worktree", "writes-worktree", "writes-temp", "writes-ask"]);
    expect(answers).toHaveLength(21);
    await rm(outside, { recursive: true, force: true });
  });

  it("[R41] stopping ends everything in it, with what turned its back on the signal and on its parents", async () => {
    const processes = createProcesses();
    const folder = await mkdtemp(join(tmpdir(), "amplify-sandbox-"));
    const marker = `session-sandbox-${folder.slice(-6)}/1`;
    const confinement: Confinement = { hidden: [], readable: [], writable: [folder], kept: [] };
    const script = `trap "" TERM; (setsid sh -c 'trap "" TERM; sleep 600' &) ; echo ready; sleep 600`;
    const identity = await processes.spawn({
      file: "sh",
      args: ["-c", script],
      env: { PATH: process.env["PATH"] ?? "" },
      cwd: folder,
      marker,
      confinement,
      stdoutFile: join(folder, "out"),
      stderrFile: join(folder, "err"),
      stdinFile: null,
      exitFile: join(folder, "exit"),
    });
    await vi.waitFor(
      async () => expect(await readFile(join(folder, "out"), "utf8")).toContain("ready"),
      20_000,
    );
    expect((await processes.marked(marker)).length).toBeGreaterThanOrEqual(3);
    await processes.endTree(identity, marker, { graceMs: 100 });
    expect(await processes.marked(marker)).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });
});
