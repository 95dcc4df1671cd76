import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkHealth } from "./health.ts";
import { isOlder } from "./older-versions.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "amplify-health-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `claude` on PATH that runs `script` when it is asked for its version. */
function install(script: string) {
  const file = join(folder, "claude");
  writeFileSync(file, `#!/bin/sh\n[ "$*" = --version ] || exit 9\n${script}\n`);
  chmodSync(file, 0o755);
  return checkHealth("claude", { PATH: `${folder}:/usr/bin:/bin` });
}

test("[A18] the recommended version is healthy without a word", async () => {
  expect(await install("echo '2.1.330 (Claude Code)'")).toEqual({
    name: "claude",
    ok: true,
    path: join(folder, "claude"),
    version: "2.1.330",
    problem: null,
  });
});

test("[A18] an older version works and says what its limits are", async () => {
  const health = await install("echo '2.1.197 (Claude Code)'");
  expect(health).toMatchObject({ ok: true, version: "2.1.197" });
  expect(health.problem).toContain("2.1.330 or newer");
});

test("[A18] a version below the oldest is not healthy", async () => {
  const health = await install("echo '2.1.196 (Claude Code)'");
  expect(health).toMatchObject({ ok: false, version: "2.1.196" });
  expect(health.problem).toContain("2.1.197 is the oldest");
});

test("[A18] a program that does not answer is told in its own words", async () => {
  const health = await install("echo 'no native binary' >&2; exit 1");
  expect(health).toMatchObject({ ok: false, version: null });
  expect(health.problem).toContain("no native binary");
});

test("[A18] a missing program says how to install it", async () => {
  const health = await checkHealth("claude", { PATH: folder });
  expect(health).toMatchObject({ ok: false, path: null });
  expect(health.problem).toContain("npm install -g @anthropic-ai/claude-code");
});

test("[A18] versions are compared as numbers", () => {
  expect(isOlder("2.1.99", "2.1.197")).toBe(true);
  expect(isOlder("2.1.330", "2.1.330")).toBe(false);
  expect(isOlder("3.0.0", "2.1.330")).toBe(false);
});
