import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProcessIdentity } from "#lib/domain/run-state.ts";
import type { ProcessEndpoints } from "#server/ports.ts";
import { createProcTable } from "./process-table.ts";
import { createProcesses } from "./processes.ts";
import { createPsTable } from "./ps-table.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const processes = createProcesses();
const never = new AbortController().signal;
const env = { PATH: process.env["PATH"] ?? "" };

let folder: string;
let marker: string;
let files: ProcessEndpoints;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amplify-process-"));
  marker = `session-test-${folder.slice(-6)}/1`;
  files = {
    stdoutFile: join(folder, "stream.jsonl"),
    stderrFile: join(folder, "stderr.log"),
    stdinFile: null,
    exitFile: join(folder, "exit"),
  };
});

afterEach(async () => {
  await processes.endTree(null, marker, { graceMs: 0 });
  rmSync(folder, { recursive: true, force: true });
});

const order = (file: string, ...args: string[]) => ({ file, args, env, cwd: folder, marker, ...files });
const start = (name: string, ...args: string[]) => processes.spawn(order(fixture(name), ...args));
const stdout = () => readFileSync(files.stdoutFile, "utf8");
const ready = () =>
  vi.waitFor(() => expect(stdout()).toContain("ready\n"), { timeout: 10_000, interval: 10 });
const end = () => processes.readEnd(files.exitFile);

describe("a tree that hides", () => {
  it("[P100] a child without marker, group and session is found by its living parent", async () => {
    const identity = await start("hides.sh");
    await ready();
    const hidden = Number(stdout().split("\n")[0]);
    expect(existsSync(`/proc/${hidden}`)).toBe(true);
    expect(await processes.endTree(identity, marker, { graceMs: 200 })).toBeGreaterThanOrEqual(2);
    // Who reaps it is nobody's promise: a zombie is over.
    expect(createProcTable().read(hidden)?.over ?? true).toBe(true);
  });

  it("[P101] a suspended process counts as living and is told as suspended", async () => {
    const identity = await start("hides.sh");
    await ready();
    expect(await processes.isStopped(identity)).toBe(false);
    process.kill(-identity.pid, "SIGSTOP");
    await vi.waitFor(async () => expect(await processes.isStopped(identity)).toBe(true));
    expect(await processes.isAlive(identity)).toBe(true);
  });
});

describe("spawn", () => {
  it("[P1] output goes straight into the files and the exit code into its own", async () => {
    const identity = await start("prints-and-exits.sh", "3");
    await processes.gone(identity, never);
    expect(stdout()).toBe("3\n");
    expect(await end()).toEqual({ exit: 3, signal: null });
  });

  it("[P1] output is appended to what is there", async () => {
    writeFileSync(files.stdoutFile, "before\n");
    await processes.gone(await start("prints-and-exits.sh", "0"), never);
    expect(stdout()).toBe("before\n0\n");
  });

  it("[P1] standard input comes from the file, or is empty", async () => {
    const stdinFile = join(folder, "prompt.md");
    writeFileSync(stdinFile, "do it\n");
    const identity = await processes.spawn({ ...order(fixture("prints-and-exits.sh"), "0"), stdinFile });
    await processes.gone(identity, never);
    expect(readFileSync(files.stderrFile, "utf8")).toBe("do it\n");
  });

  it("[P2] a death by signal is told as that signal", async () => {
    await processes.gone(await start("dies-by-signal.sh", "SEGV"), never);
    expect(await end()).toEqual({ exit: null, signal: "SIGSEGV" });
  });

  it("[P2] the exit file of an earlier spawn is not taken for this one's", async () => {
    writeFileSync(files.exitFile, "0\n");
    const identity = await start("ignores-term.sh");
    expect(await end()).toBeNull();
    await processes.endTree(identity, marker, { graceMs: 0 });
    expect(await end()).toBeNull();
  });

  it("[P2] an exit file that was cut short or forged says nothing", async () => {
    for (const text of ["", "0", "0\n0\n", "-1\n", "zero\n", "9".repeat(40)]) {
      writeFileSync(files.exitFile, text);
      expect(await end()).toBeNull();
    }
  });

  it("[P3] no shell sees the arguments", async () => {
    const hostile = [
      "0",
      "$(touch planted)",
      "`touch planted`",
      "; touch planted",
      "-n",
      "a\nb",
      "*",
      "日本 'x' \"y\"",
    ];
    await processes.gone(await start("prints-and-exits.sh", ...hostile), never);
    expect(stdout()).toBe(`${hostile.join("\n")}\n`);
    expect(existsSync(join(folder, "planted"))).toBe(false);
  });

  it("[P3] the environment is the given one and the marker, nothing of ours", async () => {
    vi.stubEnv("AMPLIFY_TEST_SECRET", "x");
    const identity = await processes.spawn({ ...order("env"), env: { ...env, GIVEN: "1" } });
    await processes.gone(identity, never);
    vi.unstubAllEnvs();
    const names = stdout()
      .trim()
      .split("\n")
      .map((line) => line.replace(/=.*/, ""));
    expect(names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name)).sort()).toEqual([
      "AMPLIFY_SESSION",
      "GIVEN",
      "PATH",
    ]);
    expect(stdout()).toContain(`AMPLIFY_SESSION=${marker}\n`);
  });

  it("[P4] a program that is not there is refused before anything starts", async () => {
    for (const file of ["amplify-no-such-program", join(folder, "nothing"), "exit", "eval", "./x", folder]) {
      await expect(start(file)).rejects.toMatchObject({ name: "ProgramNotFoundError" });
    }
    expect(existsSync(files.stdoutFile)).toBe(false);
  });

  it("[P4] a missing folder is said", async () => {
    const cwd = join(folder, "gone");
    await expect(processes.spawn({ ...order("env"), cwd })).rejects.toThrow(
      `No process could be started in ${cwd}`,
    );
  });

  it("[P4] a link in place of a log is refused", async () => {
    const target = join(folder, "precious");
    symlinkSync(target, files.stdoutFile);
    await expect(start("prints-and-exits.sh", "0")).rejects.toMatchObject({ code: "ELOOP" });
    expect(existsSync(target)).toBe(false);
  });
});

describe("outliving the parent", () => {
  it("[P5] a parent killed with -9 costs the program nothing and the log not one byte", async () => {
    const stop = join(folder, "stop");
    const parent = spawn(
      process.execPath,
      ["--import", "tsx", fixture("parent.ts"), JSON.stringify(order(fixture("counts.sh"), stop))],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [said] = (await once(parent.stdout, "data")) as [Buffer];
    const identity = JSON.parse(said.toString()) as ProcessIdentity;
    parent.kill("SIGKILL");
    await once(parent, "exit");

    const atDeath = stdout().length;
    expect(await processes.isAlive(identity)).toBe(true);
    expect((await processes.marked(marker)).map(({ pid }) => pid)).toContain(identity.pid);
    await vi.waitFor(() => expect(stdout().length).toBeGreaterThan(atDeath + 1_000), { timeout: 10_000 });
    writeFileSync(stop, "");
    await processes.gone(identity, never);

    expect(await end()).toEqual({ exit: 3, signal: null });
    const lines = stdout().trimEnd().split("\n");
    const total = lines.length - 1;
    expect(lines.at(-1)).toBe(`total ${total}`);
    expect(lines.slice(0, -1).every((line, n) => line === `line ${n + 1}`)).toBe(true);
  });
});

describe("endTree", () => {
  it("[P6] a program that heeds SIGTERM ends by itself and keeps its exit code", async () => {
    const identity = await start("heeds-term.sh");
    await ready();
    await processes.endTree(identity, marker, { graceMs: 10_000 });
    expect(stdout()).toContain("cleaned\n");
    expect(await end()).toEqual({ exit: 7, signal: null });
  });

  it("[P6] a program that ignores SIGTERM is killed after the grace", async () => {
    const identity = await start("ignores-term.sh");
    await ready();
    expect(await processes.endTree(identity, marker, { graceMs: 50 })).toBeGreaterThanOrEqual(3);
    expect(await processes.isAlive(identity)).toBe(false);
    expect(await processes.marked(marker)).toEqual([]);
  });

  it("[P6] a stopped program is ended too", async () => {
    const identity = await start("heeds-term.sh");
    await ready();
    process.kill(-identity.pid, "SIGSTOP");
    await processes.endTree(identity, marker, { graceMs: 10_000 });
    expect(await end()).toEqual({ exit: 7, signal: null });
  });

  it("[P7] grandchildren in sessions of their own are found by the marker", async () => {
    const identity = await start("leaves-orphans.sh");
    await ready();
    expect(await processes.endTree(identity, marker, { graceMs: 50 })).toBeGreaterThanOrEqual(4);
    expect(await processes.marked(marker)).toEqual([]);
  });

  it("[P7] they are found when the leader has long gone", async () => {
    const identity = await start("leaves-orphans.sh", "leave");
    await processes.gone(identity, never);
    expect(await processes.marked(marker)).toHaveLength(2);
    expect(await processes.endTree(identity, marker, { graceMs: 50 })).toBe(2);
    expect(await processes.marked(marker)).toEqual([]);
  });

  it("[P7] a program that starts itself anew when ended is ended for good", async () => {
    const identity = await start("comes-back.sh", "20");
    await ready();
    await processes.endTree(identity, marker, { graceMs: 200 });
    expect(await processes.marked(marker)).toEqual([]);
  });

  it("[P7] a wrapper killed with -9 does not hide the program", async () => {
    const identity = await start("ignores-term.sh");
    await ready();
    process.kill(identity.pid, "SIGKILL");
    await processes.gone(identity, never);
    expect(await processes.marked(marker)).not.toEqual([]);
    await processes.endTree(identity, marker, { graceMs: 0 });
    expect(await processes.marked(marker)).toEqual([]);
    expect(await end()).toBeNull();
  });

  it("[P8] a reused pid is never signalled: other start ticks, other boot", async () => {
    const identity = await start("heeds-term.sh");
    await ready();
    for (const forged of [
      { ...identity, startTicks: String(Number(identity.startTicks) - 30) },
      { ...identity, bootId: "00000000-0000-0000-0000-000000000000" },
    ]) {
      expect(await processes.isAlive(forged)).toBe(false);
      await processes.gone(forged, never);
      expect(await processes.endTree(forged, "session-other/1", { graceMs: 0 })).toBe(0);
    }
    expect(await processes.isAlive(identity)).toBe(true);
    expect(stdout()).not.toContain("cleaned");
  });

  it("[P8] after a reboot nothing of before is alive", async () => {
    const identity = await start("heeds-term.sh");
    const bootIdFile = join(folder, "boot_id");
    writeFileSync(bootIdFile, "another-boot\n");
    const rebooted = createProcesses({ bootIdFile });
    expect(await rebooted.isAlive(identity)).toBe(false);
    expect(await rebooted.endTree(identity, "session-other/1", { graceMs: 0 })).toBe(0);
    expect(await processes.isAlive(identity)).toBe(true);
  });

  it("[P8] a marker that only begins alike is another session's", async () => {
    const identity = await start("heeds-term.sh");
    await ready();
    expect(await processes.endTree(null, marker.slice(0, -1), { graceMs: 0 })).toBe(0);
    expect(await processes.endTree(null, "", { graceMs: 0 })).toBe(0);
    expect(await processes.endTree(null, `${marker}0`, { graceMs: 0 })).toBe(0);
    expect(await processes.isAlive(identity)).toBe(true);
  });
});

describe("gone", () => {
  it("[P9] it can be called off", async () => {
    const identity = await start("heeds-term.sh");
    const adopted = createProcesses();
    for (const each of [processes, adopted]) {
      const off = new AbortController();
      const gone = each.gone(identity, off.signal);
      off.abort();
      await expect(gone).rejects.toMatchObject({ name: "AbortError" });
    }
  });

  it("[P9] a process that another life of ours started is seen to go", async () => {
    const identity = await start("heeds-term.sh");
    await ready();
    const gone = createProcesses().gone(identity, never);
    await processes.endTree(identity, marker);
    await gone;
  });
});

describe("the table of processes", () => {
  it("[P10] a zombie is over", async () => {
    // The shell never waits for its child, since it became a sleep.
    const identity = await processes.spawn(order("sh", "-c", "sh -c 'echo $$' & exec sleep 1000"));
    const pid = await vi.waitFor(() => {
      const said = Number(stdout());
      expect(said).toBeGreaterThan(0);
      return said;
    });
    await vi.waitFor(() => expect(createProcTable().read(pid)?.over).toBe(true));
    const marked = (await processes.marked(marker)).map((each) => each.pid);
    expect(marked).not.toContain(pid);
    expect(marked).toContain(identity.pid);
  });

  it("[P10] a program's name may hold parentheses and spaces", () => {
    const root = join(folder, "proc");
    mkdirSync(join(root, "7"), { recursive: true });
    const rest = Array.from({ length: 40 }, (_, n) => String(n + 4));
    writeFileSync(join(root, "7", "stat"), `7 (a) R (b) S 1 70 ${rest.slice(2).join(" ")}\n`);
    const table = createProcTable(root, join(folder, "boot"));
    expect(table.read(7)).toEqual({
      pid: 7,
      startTicks: "22",
      group: 70,
      parent: 1,
      session: 6,
      over: false,
      stopped: false,
    });
    expect(table.pids()).toEqual([7]);
    expect(table.read(8)).toBeNull();
    expect(table.marker(8)).toBeNull();
  });

  it("[P10] what ps tells agrees with /proc", async () => {
    const identity = await start("heeds-term.sh");
    const ps = createPsTable();
    const row = ps.read(identity.pid);
    expect(row).toMatchObject({ pid: identity.pid, group: identity.pid, over: false });
    expect(ps.read(identity.pid)).toEqual(row);
    expect(ps.marker(identity.pid)).toBe(marker);
    expect(ps.pids()).toContain(identity.pid);
    expect(ps.bootId()).not.toBe("");
    await processes.endTree(identity, marker, { graceMs: 0 });
    expect(ps.read(identity.pid)).toBeNull();
  });
});
