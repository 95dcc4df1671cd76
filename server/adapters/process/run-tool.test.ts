import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { ToolOrder } from "#server/ports.ts";
import { createProcTable } from "./process-table.ts";
import { runTool } from "./run-tool.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const cwd = mkdtempSync(join(tmpdir(), "amplify-tool-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const env = { PATH: process.env["PATH"] ?? "" };
const order = (file: string, args: string[] = [], rest: Partial<ToolOrder> = {}): ToolOrder => ({
  file,
  args,
  cwd,
  env,
  timeLimitMs: 20_000,
  ...rest,
});
const gone = (pid: number) =>
  vi.waitFor(() => expect(createProcTable().read(pid)?.over ?? true).toBe(true), { timeout: 5_000 });

describe("runTool", () => {
  it("[P11] gives exit code, output as it is, and takes input", async () => {
    const run = await runTool(order(fixture("prints-and-exits.sh"), ["4", "a\n"], { input: "in" }));
    expect(run).toMatchObject({ end: "exited", exit: 4, signal: null, stdout: "4\na\n\n", stderr: "in" });
  });

  it("[P11] no shell sees the arguments, and nothing of our environment leaks", async () => {
    vi.stubEnv("AMPLIFY_TEST_SECRET", "x");
    const hostile = await runTool(order("printf", ["%s|", "$(id)", "`id`", ";", "*", "-x", "日本"]));
    const environment = await runTool(order("env", [], { env: { ...env, GIVEN: "1" } }));
    vi.unstubAllEnvs();
    expect(hostile.stdout).toBe("$(id)|`id`|;|*|-x|日本|");
    expect(environment.stdout.trim().split("\n").sort()).toEqual(["GIVEN=1", `PATH=${env.PATH}`]);
  });

  it("[P11] a death by signal is told", async () => {
    expect(await runTool(order(fixture("dies-by-signal.sh"), ["KILL"]))).toMatchObject({
      end: "exited",
      exit: null,
      signal: "SIGKILL",
    });
  });

  it("[P12] the time limit ends the whole group, the deaf child too", async () => {
    const run = await runTool(order(fixture("family.sh"), [], { timeLimitMs: 300 }));
    expect(run).toMatchObject({ end: "time-limit", exit: null });
    await gone(Number(run.stdout));
  });

  it("[P12] a tool that ignores SIGTERM is killed", async () => {
    const run = await runTool(order(fixture("ignores-term.sh"), [], { timeLimitMs: 100 }));
    expect(run).toMatchObject({ end: "time-limit", signal: "SIGKILL", stdout: "ready\n" });
  });

  it("[P12] cancelling ends it; one cancelled before never starts", async () => {
    const off = new AbortController();
    const onOutput = vi.fn(() => off.abort());
    const run = await runTool(order(fixture("family.sh"), [], { signal: off.signal, onOutput }));
    expect(run.end).toBe("cancelled");
    await gone(Number(run.stdout));
    expect(await runTool(order("env", [], { signal: off.signal }))).toMatchObject({
      end: "cancelled",
      stdout: "",
    });
  });

  it("[P12] what a tool leaves in its group ends with it", async () => {
    const run = await runTool(order("sh", ["-c", "sleep 1000 & echo $!"]));
    expect(run).toMatchObject({ end: "exited", exit: 0 });
    await gone(Number(run.stdout));
  });

  it("[P12] a daemon that got away cannot hold the call", async () => {
    const run = await runTool(order(fixture("holds-pipes.sh")));
    expect(run).toMatchObject({ end: "exited", exit: 0, stdout: "done\n" });
    expect(run.durationMs).toBeLessThan(2_500);
  });

  it("[P13] a flood is cut at the limit and ended", async () => {
    const run = await runTool(order(fixture("floods.sh"), [], { outputLimitBytes: 10_000 }));
    expect(run.end).toBe("output-limit");
    expect(run.stdout).toHaveLength(10_000);
  });

  it("[P13] output streams in whole characters", async () => {
    const seen: string[] = [];
    const script = "printf '\\346\\227'; sleep 0.05; printf '\\245\\n'; echo oops >&2";
    const run = await runTool(
      order("sh", ["-c", script], { onOutput: (text, stream) => seen.push(`${stream}:${text}`) }),
    );
    expect(
      seen
        .filter((each) => each.startsWith("stdout"))
        .join("")
        .replaceAll("stdout:", ""),
    ).toBe("日\n");
    expect(seen).toContain("stderr:oops\n");
    expect(run.stdout).toBe("日\n");
  });

  it("[P14] a tool or folder that is not there is not started, and never rejects", async () => {
    const tool = await runTool(order("amplify-no-such-tool"));
    expect(tool).toMatchObject({ end: "not-started", exit: null });
    expect(tool.stderr).toContain("ENOENT");
    expect(await runTool(order("env", [], { cwd: join(cwd, "gone") }))).toMatchObject({ end: "not-started" });
    expect(await runTool(order("env", ["x".repeat(3 << 20)]))).toMatchObject({ end: "not-started" });
    expect(await runTool(order("env", ["a\0b"]))).toMatchObject({ end: "not-started" });
  });
});
