import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calledOutside, canWatch, watchedBy } from "./fixtures/outgoing.ts";
import type { ReportRow } from "../cli/demo/report.ts";

const root = new URL("..", import.meta.url).pathname;
const limitMs = 240_000;
let work = "";
/** What the unattended demo called over networks, where that can be seen. */
const calls = () => join(work, "calls");
if (!canWatch)
  console.warn("LEFT OUT: system calls cannot be watched here, so nothing proves that nobody is called.");

/** `dist/` as the sources are now: an old one would prove nothing. */
async function buildWhereStale() {
  const built = ["server", "runner", "cli", "hook", "ask-mcp", "rehearsal"].map((name) =>
    join(root, "dist", `${name}.js`),
  );
  const oldest = Math.min(...built.map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0)));
  const folders = ["server", "cli", "lib", "prisma"];
  const names = await Promise.all(folders.map((folder) => readdir(join(root, folder), { recursive: true })));
  const sources = folders.flatMap((folder, i) => (names[i] ?? []).map((name) => join(root, folder, name)));
  const isSource = (file: string) => /\.(?:ts|prisma|sql)$/.test(file) && !file.includes("/generated/");
  if (sources.some((file) => isSource(file) && statSync(file).mtimeMs > oldest))
    await promisify(execFile)(process.execPath, [join(root, "bin/build.js")], { cwd: root });
}

/** Nothing of this machine's environment gets in but the way to node and git. `before` stands before the command. */
function demo(folder: string, args: readonly string[] = [], before: readonly string[] = []) {
  const child = spawn(
    "env",
    [
      ...before,
      process.execPath,
      join(root, "bin/amplify.js"),
      "demo",
      "--folder",
      folder,
      "--no-browser",
      ...args,
    ],
    {
      cwd: work,
      env: { PATH: process.env["PATH"], HOME: work, TMPDIR: tmpdir(), NO_COLOR: "1", NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (const look of waiting) look();
    });
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return {
    exit,
    text: () => text,
    interrupt: () => child.kill("SIGINT"),
    says: (words: string) =>
      Promise.race([
        new Promise<void>((resolve) => {
          const look = () => {
            if (text.includes(words)) resolve();
          };
          waiting.add(look);
          look();
        }),
        exit.then(() => {
          if (!text.includes(words)) throw new Error(`The demo never said ${words}:\n${text}`);
        }),
      ]),
  };
}

/** Processes that know of the folder by their environment or their command line. */
async function livingIn(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const living = await Promise.all(
    pids.map(async (pid) => {
      const texts = await Promise.all(
        ["environ", "cmdline"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "")),
      );
      return texts.some((text) => text.includes(folder)) ? [`${pid} ${texts[1] ?? ""}`] : [];
    }),
  );
  return living.flat();
}

describe.skipIf(process.platform !== "linux")("the demo", () => {
  beforeAll(async () => {
    work = await realpath(await mkdtemp(join(tmpdir(), "amplify-demo-test-")));
    await buildWhereStale();
  }, limitMs);

  afterAll(() => rm(work, { recursive: true, force: true, maxRetries: 5 }));

  it(
    "[X13] unattended merges every item by itself, keeps its report, and leaves no process behind",
    async () => {
      const folder = join(work, "unattended");
      const run = demo(folder, ["--unattended"], canWatch ? watchedBy(calls()) : []);
      expect(await run.exit, run.text()).toBe(0);
      const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as ReportRow[];
      expect(report).toHaveLength(8);
      expect(report.filter(({ status }) => status !== "merged")).toEqual([]);
      const git = (...args: string[]) =>
        promisify(execFile)("git", args, { cwd: join(folder, "till") }).then(({ stdout }) => stdout.trim());
      const merges = (await git("log", "--merges", "--first-parent", "--format=%H", "main")).split("\n");
      expect(merges.sort()).toEqual(report.map(({ mergeCommit }) => mergeCommit).sort());
      expect(await git("status", "--porcelain")).toBe("");
      expect((await git("worktree", "list")).split("\n")).toHaveLength(1);
      // Each story of the sample backlog has really happened.
      const by = (title: string) => report.find((row) => row.title.includes(title));
      expect(by("Round prices")).toMatchObject({ questions: 1 });
      expect(by("receipt")).toMatchObject({ councils: 2 });
      expect(run.text()).toMatch(/is outdated: .*README\.md/);
      expect(run.text()).toContain("approved by arbitration");
      expect(await git("show", "main:src/basket.js")).toContain("RangeError");
      expect(await git("show", "main:src/rounding.js")).toContain('"half up"');
      for (const words of ["Say when the shop is open", "Say where the shop is"])
        expect(await git("show", "main:README.md")).toContain(words);
      expect(await livingIn(folder)).toEqual([]);
    },
    limitMs,
  );

  it.skipIf(!canWatch)(
    "[X21] nobody outside this machine was called in all of that, by server, pages, runner, commands or agents",
    async () => {
      expect(calledOutside(calls())).toEqual([]);
      expect(readFileSync(calls(), "utf8")).toContain('inet_addr("127.0.0.1")');
      // Whoever watches has to see a call: of a name, of an address, and of one that says nothing more.
      const script = `
        require("node:dns").lookup("canary.invalid", () => undefined);
        require("node:net").connect(443, "192.0.2.1").on("error", () => undefined).unref();
        const probe = require("node:dgram").createSocket("udp6");
        probe.send("x", 9, "2001:db8::1", () => probe.close());
        setTimeout(() => process.exit(0), 500)`;
      const canary = join(work, "canary");
      const [file = "", ...args] = watchedBy(canary);
      await promisify(execFile)(file, [...args, process.execPath, "-e", script]);
      const seen = calledOutside(canary);
      expect(seen).toEqual(expect.arrayContaining(["192.0.2.1:443", "2001:db8::1:9"]));
    },
    limitMs,
  );

  it(
    "[X14] ends with everything that it started when it is interrupted at work",
    async () => {
      const folder = join(work, "interrupted");
      const run = demo(folder);
      await run.says("amplify session answer");
      run.interrupt();
      expect(await run.exit, run.text()).toBe(130);
      expect(await livingIn(folder)).toEqual([]);
    },
    limitMs,
  );
});
