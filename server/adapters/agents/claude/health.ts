import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import type { AgentHealth } from "#server/ports.ts";
import { isOlder, oldestVersion, recommendedVersion } from "./older-versions.ts";

const install = "npm install -g @anthropic-ai/claude-code@latest";

/** Looks for the CLI on the `PATH` of `env` and asks for its version, which needs no login. */
export async function checkHealth(
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<AgentHealth> {
  const path = await find(command, env.PATH ?? "");
  const health = { name: "claude", path, version: null };
  if (path === null) {
    return { ...health, ok: false, problem: `${command} was not found on PATH. Install it: ${install}` };
  }
  const said = await versionOf(path, env);
  const version = /\b(\d+\.\d+\.\d+)\b/.exec(said.stdout)?.[1] ?? null;
  if (version === null) {
    return {
      ...health,
      ok: false,
      problem: `${path} did not say its version: ${said.problem || said.stdout}`,
    };
  }
  if (isOlder(version, oldestVersion)) {
    return {
      ...health,
      version,
      ok: false,
      problem: `Claude Code ${version} is too old; ${oldestVersion} is the oldest that works. Update it: ${install}`,
    };
  }
  const limited = isOlder(version, recommendedVersion)
    ? `Claude Code ${version} works with limits: an answer to one of several parallel calls costs an extra turn, and costs of a resumed session are less exact. Recommended is ${recommendedVersion} or newer: ${install}`
    : null;
  return { ...health, version, ok: true, problem: limited };
}

async function find(command: string, path: string): Promise<string | null> {
  const places =
    isAbsolute(command) || command.includes("/")
      ? [command]
      : path
          .split(delimiter)
          .filter(Boolean)
          .map((folder) => join(folder, command));
  for (const place of places) {
    const found = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return place;
  }
  return null;
}

function versionOf(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<{ stdout: string; problem: string }> {
  return new Promise((resolve) => {
    // A cold start of its 380 MB takes seconds on a slow disk; more than this is a hang.
    execFile(
      file,
      ["--version"],
      { env: env, timeout: 30_000, maxBuffer: 64 * 1024 },
      (error, stdout, stderr) => {
        resolve({ stdout, problem: error ? stderr.trim().slice(0, 500) || error.message : "" });
      },
    );
  });
}
