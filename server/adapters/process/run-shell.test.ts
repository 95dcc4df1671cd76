import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ShellOrder } from "#server/ports.ts";
import { createProcesses } from "./processes.ts";
import { createRunShell } from "./run-shell.ts";

const processes = createProcesses();
const runShell = createRunShell(processes);
const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const cwd = mkdtempSync(join(tmpdir(), "amplify-shell-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const marker = `session-shell-${cwd.slice(-6)}/validate`;
const order = (command: string, rest: Partial<ShellOrder> = {}): ShellOrder => ({
  command,
  cwd,
  env: { PATH: process.env["PATH"] ?? "" },
  marker,
  timeLimitMs: 20_000,
  ...rest,
});

describe("runShell", () => {
  it("[P15] a command line of the configuration runs in its folder, its streams as one", async () => {
    let seen = "";
    const run = await runShell(
      order("pwd && echo to stderr >&2 && exit 5", { onOutput: (text) => (seen += text) }),
    );
    expect(run).toMatchObject({ end: "exited", exit: 5, signal: null, tail: `${cwd}\nto stderr\n` });
    expect(seen).toBe(run.tail);
  });

  it("[P15] it carries the marker", async () => {
    expect((await runShell(order("echo $AMPLIFY_SESSION"))).tail).toBe(`${marker}\n`);
  });

  it("[P15] only the last part of much output is kept", async () => {
    const run = await runShell(order("yes 0123456789 | head -c 200000; echo the end"));
    expect(run.tail).toHaveLength(16 << 10);
    expect(run.tail.endsWith("the end\n")).toBe(true);
  });

  it("[P16] the time limit and a cancellation end everything it started, orphans too", async () => {
    const orphans = fixture("leaves-orphans.sh");
    const limited = await runShell(order(orphans, { timeLimitMs: 400 }));
    expect(limited.end).toBe("time-limit");
    expect(await processes.marked(marker)).toEqual([]);

    const off = new AbortController();
    const cancelled = await runShell(order(orphans, { signal: off.signal, onOutput: () => off.abort() }));
    expect(cancelled.end).toBe("cancelled");
    expect(await processes.marked(marker)).toEqual([]);
    expect(await runShell(order("exit 0", { signal: off.signal }))).toMatchObject({
      end: "cancelled",
      exit: null,
    });
  });

  it("[P16] a server left in the background ends with the command", async () => {
    const run = await runShell(order(`${fixture("leaves-orphans.sh")} leave`));
    expect(run).toMatchObject({ end: "exited", exit: 0 });
    expect(await processes.marked(marker)).toEqual([]);
  });

  it("[P16] a folder that is not there is told", async () => {
    const run = await runShell(order("exit 0", { cwd: join(cwd, "gone") }));
    expect(run).toMatchObject({ end: "not-started", exit: null });
    expect(run.tail).not.toBe("");
  });
});
