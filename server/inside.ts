import { readFile } from "node:fs/promises";
import path from "node:path";
import { presenceSchema } from "#lib/contract/runner.ts";
import { parseClaudeLine } from "#lib/domain/claude-stream.ts";
import { createClaude } from "./adapters/agents/claude/claude.ts";
import { createRehearsal } from "./adapters/agents/rehearsal/rehearsal.ts";
import { createBeads } from "./adapters/beads/beads.ts";
import { createGit } from "./adapters/git/git.ts";
import { createRemotes } from "./adapters/git/remotes.ts";
import { createProcesses } from "./adapters/process/processes.ts";
import { createRunShell } from "./adapters/process/run-shell.ts";
import { measureFolders } from "./adapters/process/measure-folders.ts";
import { runTool } from "./adapters/process/run-tool.ts";
import { postWebhook } from "./adapters/webhook/post.ts";
import { createTextRedactor } from "./socket/redact.ts";
import { createRepositoryConfigs, readServerConfig } from "./config.ts";
import { createMergeLanes } from "./merging/lanes.ts";
import { createApplication } from "./sessions/create-application.ts";
import { isIdle } from "./sessions/is-idle.ts";
import { createLedger } from "./sessions/ledger.ts";
import { createTeamReads } from "./team/team-reads.ts";
import { createTeam } from "./team/team.ts";
import type { Inside, InsideContext } from "./start.ts";
import { backUp, listBackups } from "./store/backups.ts";
import { createBacklogs } from "./store/backlog/backlog.ts";
import { databaseFile, openDatabase } from "./store/database.ts";
import { createLandingStore } from "./store/landing-store.ts";
import { rememberOpen } from "./store/remember-open.ts";
import { createSessionStore } from "./store/session-store.ts";
import { createTeamStore } from "./store/team-store.ts";

const toolVariables =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TERM|TMPDIR|TZ|XDG_\w+|SSH_AUTH_SOCK|BEADS_\w+|BD_\w+)$/;
/** What a person's git and `gh` reach their remotes by. */
const remoteVariables =
  /^(?:GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|GIT_SSH(?:_COMMAND|_VARIANT)?|GH_\w+|GITHUB_TOKEN|(?:HTTPS?|NO|ALL)_PROXY)$/i;
const agentVariables = /^(?:ANTHROPIC_\w+|CLAUDE_CONFIG_DIR)$/;
const versionLimitMs = 10_000;

/** Puts the real inside together: database, tools and the use cases over them. */
export async function openInside(context: InsideContext): Promise<Inside> {
  const { home, root, clock, instance } = context;
  const config = await readServerConfig(home);
  const readSettings = createRepositoryConfigs({
    rehearsal: bundleOf(root, "rehearsal"),
    skills: path.join(root, "skills"),
    kept: path.join(home, "configurations"),
  });
  const database = await openDatabase({
    file: databaseFile(home),
    migrations: path.join(root, "prisma", "migrations"),
    clock,
    backups: config.retention.backups,
  });
  try {
    const { prisma } = database;
    const random = () => Math.random();
    const store = rememberOpen(createSessionStore(prisma));
    const processes = createProcesses();
    const runShell = createRunShell(processes);
    const redact = createTextRedactor(process.env);
    const git = createGit({ home: path.join(home, "git") });
    const toolEnv = environment(toolVariables);
    const backlogs = createBacklogs({ prisma, clock, random });
    const ledger = createLedger({ store, clock });
    const teamStore = createTeamStore(prisma);
    const team = await createTeam({ store: teamStore, ledger, clock, ownerName: context.ownerName });
    const application = createApplication({
      home,
      version: await versionOf(root),
      instance,
      store,
      ledger,
      team,
      teamStore,
      git,
      clock,
      host: {
        presence: () => readRunnerPresence(home),
        isAlive: (identity) => processes.isAlive(identity),
        isStopped: (identity) => processes.isStopped(identity),
        command: {
          file: process.execPath,
          // It keeps little, and is to stay small: it starts all other processes.
          args: ["--max-semi-space-size=1", bundleOf(root, "runner"), "--home", home],
        },
        // Its sessions wait for the disk at the same time.
        env: { ...environment(/^/), UV_THREADPOOL_SIZE: "16" },
      },
      readSettings,
      examination: {
        gitVersion: () => versionOfTool("git", home, toolEnv),
        sandboxVersion: () => versionOfTool("bwrap", home, toolEnv),
        async agentHealth(repository) {
          const agent = repository === null ? null : (await readSettings(repository)).agent;
          const order = { command: agent?.command ?? "claude", toolsDir: path.join(root, "dist") };
          const chosen = agent?.cli === "rehearsal" ? createRehearsal(order) : createClaude(order);
          return chosen.health({ ...toolEnv, ...environment(agentVariables) });
        },
      },
      limit: config.sessions,
      retention: config.retention,
      upkeep: {
        backUp: () => backUp({ file: databaseFile(home), clock, keep: config.retention.backups }),
        backups: () => listBackups(databaseFile(home)),
        measure: (folders) => measureFolders(folders, toolEnv),
      },
      staleAfterMs: config.staleMinutes * 60_000,
      workSource: ({ id, name, root: repository, source }) =>
        source === "beads"
          ? createBeads({ repository, runTool, clock, env: toolEnv, random })
          : backlogs.of({ id, prefix: prefixOf(name) }),
      createMerging: (hooks) =>
        createMergeLanes({
          ...hooks,
          git,
          store: createLandingStore(prisma),
          clock,
          runShell,
          remotes: createRemotes({
            runTool,
            env: { ...toolEnv, ...environment(remoteVariables) },
            home: path.join(home, "git"),
          }),
          endMarked: (marker) => processes.endTree(null, marker, { graceMs: 0 }),
          environment: process.env,
          scratchDir: path.join(home, "scratch"),
          hidden: [home],
          redact,
        }),
      parseLine: parseClaudeLine,
      postWebhook,
      redact,
      random,
    });
    await application.start();
    return {
      application,
      team,
      wholeAudit: createTeamReads({ store: teamStore, clock, team }).wholeAudit,
      isIdle: () => isIdle(store),
      async close() {
        await application.stop();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Those of our variables whose names fit. */
function environment(names: RegExp): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && names.test(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

async function readRunnerPresence(home: string) {
  try {
    const text = await readFile(path.join(home, "run", "runner.json"), "utf8");
    return presenceSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function versionOfTool(file: string, cwd: string, env: Record<string, string>): Promise<string | null> {
  const run = await runTool({ file, args: ["--version"], cwd, env, timeLimitMs: versionLimitMs });
  return run.end === "exited" && run.exit === 0 ? run.stdout.trim() : null;
}

/** The runner is always the bundle: it outlives us, and whatever started us from the sources. */
function bundleOf(root: string, name: "runner" | "rehearsal"): string {
  return path.join(root, "dist", `${name}.js`);
}

async function versionOf(root: string): Promise<string> {
  const text = await readFile(path.join(root, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Ids of built-in items begin like Beads' do: with the folder's name. */
function prefixOf(name: string): string {
  const prefix = name.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return prefix === "" ? "item" : prefix.slice(0, 20);
}
