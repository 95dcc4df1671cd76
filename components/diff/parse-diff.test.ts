import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changedParts } from "./changed-part.ts";
import { parseDiff } from "./parse-diff.ts";

let folder = "";
const env = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
} as unknown as NodeJS.ProcessEnv;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "amplify-diff-"));
  git("init", "-q");
  writeFileSync(path.join(folder, "plain.txt"), "one\n-- two\nthree\n");
  writeFileSync(path.join(folder, "gone.txt"), "x\n");
  git("add", "-A");
  git("commit", "-qm", "a");
  writeFileSync(path.join(folder, "plain.txt"), "one\n++ two\nthree\nfour");
  writeFileSync(path.join(folder, 'ünü "q" b.txt'), "new\n");
  writeFileSync(path.join(folder, "bytes.bin"), Buffer.from([0, 1, 2]));
  rmSync(path.join(folder, "gone.txt"));
  git("add", "-A");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("[U16] what git prints is read back: names, numbers, and lines that look like headers", () => {
  const files = new Map(parseDiff(git("diff", "--cached")).map((file) => [file.path, file.lines]));
  expect([...files.keys()].sort()).toEqual(["bytes.bin", "gone.txt", "plain.txt", 'ünü "q" b.txt'].sort());
  expect(files.get("plain.txt")).toEqual([
    { kind: "hunk", text: "" },
    { kind: "context", before: 1, after: 1, text: "one" },
    { kind: "removed", before: 2, after: null, text: "-- two" },
    { kind: "added", before: null, after: 2, text: "++ two" },
    { kind: "context", before: 3, after: 3, text: "three" },
    { kind: "added", before: null, after: 4, text: "four" },
    { kind: "note", text: "\\ No newline at end of file" },
  ]);
});

test("[U17] any text gives something and never throws, cut anywhere too", () => {
  const whole = git("diff", "--cached");
  for (let end = 0; end <= whole.length; end++) parseDiff(whole.slice(0, end));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseDiff(`diff --git ${text}`)));
});

test("[U18] inside of a replaced line only what differs is marked", () => {
  const [file] = parseDiff("diff --git a/x b/x\n@@ -1 +1 @@\n-const rounds = 10;\n+const rounds = 12;\n");
  const parts = changedParts(file!.lines);
  expect(parts.get(1)).toEqual([16, 17]);
  expect(parts.get(2)).toEqual([16, 17]);
});
