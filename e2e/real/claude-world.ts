import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createClaude } from "#server/adapters/agents/claude/claude.ts";
import type { AgentSubject, Plot } from "#server/agent.contract.ts";
import { question } from "#server/agent.contract.ts";
import type { MessagesApi, Script } from "../fakes/messages-api/messages-api.ts";
import { startMessagesApi } from "../fakes/messages-api/messages-api.ts";
import { call, say } from "../fakes/messages-api/reply.ts";
import { goodDay, tell } from "../fakes/messages-api/story.ts";
import { findTool } from "../fixtures/tools.ts";

/** Runs `suite` for both versions; one that is not installed is skipped aloud. */
export function withEachClaude(
  suite: (name: string, makeWorldHere: () => Promise<ClaudeWorld>) => void,
): void {
  let toolsDir = "";
  beforeAll(async () => {
    toolsDir = await buildTools(mkdtempSync(join(tmpdir(), "amplify-tools-")));
  });
  afterAll(() => rmSync(toolsDir, { recursive: true, force: true }));
  for (const name of ["claude-latest", "claude-floor"] as const) {
    const command = findTool(name);
    if (command !== null) {
      suite(name, () => makeWorld(command, toolsDir));
      continue;
    }
    describe.skip(name, () => test("is not installed"));
  }
}

/** Builds `hook.js` and `ask-mcp.js` as a release has them. */
async function buildTools(folder: string): Promise<string> {
  const source = new URL("../../server/adapters/agents/claude/", import.meta.url).pathname;
  await build({
    entryPoints: [join(source, "hook.ts"), join(source, "ask-mcp.ts")],
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
}

/** An isolated machine for one test: a home, a repository with a worktree, and a model that we play. */
export interface ClaudeWorld extends AgentSubject {
  readonly api: MessagesApi;
  readonly root: string;
  /** The main checkout; `worktree` is one of its worktrees. */
  readonly repository: string;
  script(script: Script): void;
  git(folder: string, ...args: string[]): string;
}

async function makeWorld(command: string, toolsDir: string): Promise<ClaudeWorld> {
  const root = mkdtempSync(join(tmpdir(), "amplify-claude-"));
  const [home, temporary, repository, sessionDir] = ["home", "tmp", "repository", "session"].map((name) =>
    join(root, name),
  ) as [string, string, string, string];
  for (const folder of [home, temporary, repository, sessionDir]) mkdirSync(folder);

  let script: Script = () => say("Done.");
  const api = await startMessagesApi({ script: (turn, before) => script(turn, before) });
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    TMPDIR: temporary,
    LANG: "C.UTF-8",
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: "not-a-key",
    CLAUDE_CODE_MAX_RETRIES: "1",
  };
  const git = (folder: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      env: { PATH: env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: "1" },
      encoding: "utf8",
    });
  git(repository, "init", "-q", "-b", "main");
  writeFileSync(join(repository, "CLAUDE.md"), "House rule: the banner is called HOUSE-RULE-7.\n");
  git(repository, "add", "-A");
  git(repository, "commit", "-q", "-m", "Begin");
  const worktree = join(repository, ".worktrees", "bd-1");
  git(repository, "worktree", "add", "-q", "-b", "amplify/bd-1", worktree);

  return {
    agent: createClaude({ command, toolsDir }),
    env,
    sessionDir,
    worktree,
    api,
    root,
    repository,
    git,
    script: (next) => {
      script = next;
    },
    play: (plot) =>
      new Promise((resolve) => {
        script = scriptOf(plot, resolve);
        if (plot !== "hang") resolve();
      }),
    close: async () => {
      await api.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function scriptOf(plot: Plot, hangs: () => void): Script {
  switch (plot) {
    case "finish":
      return () => say("Done.");
    case "ask":
      return (turn) => {
        const [ask] = turn.history.filter(({ name }) => name === "mcp__amplify__ask_question");
        if (!ask) return call("mcp__amplify__ask_question", { prompts: [question], context: "" });
        return say(`Heard: ${ask.result?.text ?? ""} ${turn.prompt}`);
      };
    case "council":
      return tell(goodDay);
    case "hang":
      return () => {
        hangs();
        return { kind: "silence" };
      };
  }
}
