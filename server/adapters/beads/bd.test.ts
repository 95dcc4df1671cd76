import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Clock, ToolOrder, ToolRun } from "#server/ports.ts";
import { createProcTable } from "../process/process-table.ts";
import { runTool as realRunTool } from "../process/run-tool.ts";
import { createBd, type BdOptions } from "./bd.ts";

const realClock: Clock = {
  now: () => new Date(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** A clock whose time passes at once and is written down. */
function hurried() {
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    after(ms, call) {
      pauses.push(ms);
      queueMicrotask(call);
      return () => undefined;
    },
  };
  return { clock, pauses };
}

const said = (rest: Partial<ToolRun>): ToolRun => ({
  end: "exited",
  exit: 0,
  signal: null,
  stdout: "[]",
  stderr: "",
  durationMs: 1,
  ...rest,
});
const locked = said({ exit: 1, stdout: "", stderr: "Error: database is locked (5) (SQLITE_BUSY)" });

/** A bd that answers in turn and remembers how it was called; each call ends when the test lets it. */
function scripted(answers: readonly ToolRun[], rest: Partial<BdOptions> = {}) {
  const orders: ToolOrder[] = [];
  let running = 0;
  let most = 0;
  const { clock, pauses } = hurried();
  const bd = createBd({
    repository: "/repo",
    clock,
    env: { PATH: "/bin", CLAUDE_CODE: "1", BD_JSON_ENVELOPE: "1", BEADS_DIR: "/elsewhere" },
    random: () => 0.5,
    async runTool(order) {
      const answer = answers[Math.min(orders.length, answers.length - 1)] ?? said({});
      orders.push(order);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return answer;
    },
    ...rest,
  });
  return { bd, orders, pauses, most: () => most };
}

const argv = (orders: readonly ToolOrder[]) => orders.map(({ args }) => args.join(" "));
const once = { actor: "amplify/a", repeatable: false };
const repeatable = { actor: "amplify/a", repeatable: true };

describe("a call of bd", () => {
  it("[B20] runs in the repository, on its workspace, without daemon, colours, metrics or what confuses it", async () => {
    const { bd, orders } = scripted([said({})]);
    await bd.write(["update", "t-1", "--claim"], repeatable);
    expect(orders[0]).toMatchObject({
      file: "bd",
      args: ["--actor=amplify/a", "--json", "update", "t-1", "--claim"],
      cwd: "/repo",
      timeLimitMs: 60_000,
    });
    expect(orders[0]?.env).toEqual({
      PATH: "/bin",
      BEADS_DIR: "/repo/.beads",
      BEADS_ACTOR: "amplify/a",
      BD_ACTOR: "amplify/a",
      BD_NO_DAEMON: "1",
      BD_NON_INTERACTIVE: "1",
      BD_DISABLE_METRICS: "1",
      DO_NOT_TRACK: "1",
      NO_COLOR: "1",
    });
  });

  it("[B20] an actor is one short line", async () => {
    const { bd, orders } = scripted([said({})]);
    await bd.write(["close", "t-1"], { actor: `a\n--force\0${"x".repeat(500)}`, repeatable: true });
    expect(orders[0]?.args[0]).toBe(`--actor=a --force ${"x".repeat(190)}`);
  });

  it("[B21] calls go one at a time, and writes before waiting reads", async () => {
    const { bd, orders, most } = scripted([said({})]);
    await Promise.all([
      bd.read("version"),
      bd.read("list"),
      bd.read("ready"),
      bd.write(["close", "t-1"], repeatable),
      bd.write(["close", "t-2"], repeatable),
    ]);
    expect(most()).toBe(1);
    const order = argv(orders);
    expect(order.findIndex((each) => each.endsWith("close t-2"))).toBeLessThan(order.indexOf("--json ready"));
  });

  it("[B22] the same read asked for while it waits is one read; one that has begun is not joined", async () => {
    const { bd, orders } = scripted([said({})]);
    const first = bd.read("list");
    expect(bd.read("list")).toBe(first);
    await new Promise((resolve) => setImmediate(resolve));
    const late = bd.read("list");
    expect(late).not.toBe(first);
    expect(bd.read("list")).toBe(late);
    await Promise.all([first, late]);
    expect(argv(orders)).toEqual(["--json list", "--json list"]);
  });

  it("[B23] a lock is waited for with growing, jittered pauses", async () => {
    const { bd, orders, pauses } = scripted([locked, locked, said({ stdout: "[1]" })]);
    expect(await bd.read("list")).toEqual([1]);
    expect(orders).toHaveLength(3);
    expect(pauses).toEqual([100, 200]);
  });

  it("[B23] a lock that stays is an error in the end, and a write that must not repeat is not repeated", async () => {
    const reading = scripted([locked]);
    await expect(reading.bd.read("list")).rejects.toMatchObject({ kind: "locked" });
    expect(reading.orders).toHaveLength(5);
    const creating = scripted([locked]);
    await expect(creating.bd.write(["create", "--title=x"], once)).rejects.toMatchObject({ kind: "locked" });
    expect(creating.orders).toHaveLength(1);
  });

  it("[B24] out of sync with the JSONL: imported once, then tried again", async () => {
    const unsynced = said({
      exit: 1,
      stdout: "",
      stderr: "Error: Database out of sync with JSONL. Run 'bd sync'",
    });
    const cured = scripted([unsynced, said({}), said({ stdout: "[7]" })]);
    expect(await cured.bd.write(["create", "--title=x"], once)).toEqual([7]);
    expect(argv(cured.orders)[1]).toBe("sync --import-only");
    const incurable = scripted([unsynced]);
    await expect(incurable.bd.read("list")).rejects.toMatchObject({ kind: "out-of-sync" });
    expect(argv(incurable.orders)).toEqual(["--json list", "sync --import-only", "--json list"]);
  });

  it("[B25] silence, half a document and a printed error are failures, whatever the exit code", async () => {
    const failing = async (rest: Partial<ToolRun>) => scripted([said(rest)]).bd.write(["close", "t-1"], once);
    await expect(failing({ stdout: "" })).rejects.toMatchObject({ kind: "bad-output" });
    await expect(failing({ stdout: '[{"id":"t-1"' })).rejects.toMatchObject({ kind: "bad-output" });
    await expect(failing({ stdout: "No updates specified" })).rejects.toMatchObject({ kind: "bad-output" });
    await expect(failing({ stdout: '{"error":"no issue found"}' })).rejects.toMatchObject({
      kind: "not-found",
    });
    await expect(failing({ exit: 1, stdout: "[]", stderr: "boom" })).rejects.toMatchObject({
      kind: "unknown",
    });
    await expect(
      failing({ stdout: '{"schema_version":1,"data":[],"error":"locked"}' }),
    ).rejects.toMatchObject({
      kind: "locked",
    });
  });

  it("[B25] envelopes and notices around the result are taken off", async () => {
    const saying = async (stdout: string) => scripted([said({ stdout })]).bd.read("list");
    expect(await saying('{"schema_version":1,"data":[1]}')).toEqual([1]);
    expect(await saying('{"schema_version":1,"data":[1],"pagination":{"total":1}}')).toEqual([1]);
    expect(await saying("warning: something [odd] happened\n[1]\n")).toEqual([1]);
    expect(await saying('note\n{\n  "id": "t-1"\n}')).toEqual({ id: "t-1" });
  });

  it.each<[string, Partial<ToolRun>]>([
    ["not-installed", { end: "not-started", exit: null, stderr: "spawn bd ENOENT" }],
    ["timeout", { end: "time-limit", exit: null }],
    ["bad-output", { end: "output-limit", exit: null }],
    ["open-children", { exit: 1, stderr: "cannot close t-1: 1 open child issue(s); close children first" }],
    ["schema-skew", { exit: 1, stderr: "Error: schema version mismatch: database is 65, bd supports 53" }],
    ["already-claimed", { exit: 1, stderr: 'cannot close t-1: assignee is "one", actor is "act"; reclaim' }],
    ["locked", { exit: 1, stderr: "embeddeddolt: another process holds the exclusive lock" }],
    ["read-only", { exit: 1, stderr: "Error: operation not allowed in readonly mode" }],
  ])("[B26] %s", async (kind, rest) => {
    const { bd } = scripted([said({ stdout: "", ...rest })]);
    await expect(bd.write(["close", "t-1"], once)).rejects.toMatchObject({ kind });
  });

  it("[B27] a bd that hangs is ended with all its children when its time is up", async () => {
    const repository = mkdtempSync(join(tmpdir(), "amplify-beads-"));
    mkdirSync(join(repository, ".beads"));
    const bd = createBd({
      repository,
      runTool: realRunTool,
      clock: realClock,
      bin: join(import.meta.dirname, "fixtures/hangs.sh"),
      env: { PATH: process.env["PATH"] ?? "" },
      timeLimitMs: 500,
    });
    await expect(bd.read("list")).rejects.toMatchObject({ kind: "timeout" });
    const child = Number(readFileSync(join(repository, "child.pid"), "utf8"));
    await vi.waitFor(() => expect(createProcTable().read(child)?.over ?? true).toBe(true));
    rmSync(repository, { recursive: true });
  });
});
