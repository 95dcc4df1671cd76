import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createClaude } from "#server/adapters/agents/claude/claude.ts";
import { createRehearsal } from "#server/adapters/agents/rehearsal/rehearsal.ts";
import { createGit } from "#server/adapters/git/git.ts";
import { ownIdentity } from "#server/adapters/process/own-identity.ts";
import { createProcesses } from "#server/adapters/process/processes.ts";
import { createRunShell } from "#server/adapters/process/run-shell.ts";
import { isShortOfRoom } from "#server/files/disk-room.ts";
import type { Clock } from "#server/ports.ts";
import { RunnerIsRunningError, startRunner } from "./runner.ts";

/** `runner.js --home <AMPLIFY_HOME>`: runs the sessions of one data folder until there is nothing to do. */
const { values } = parseArgs({ options: { home: { type: "string" } } });
if (!values.home || !isAbsolute(values.home)) {
  console.error("Usage: runner.js --home <absolute path of the data folder>");
  process.exit(2);
}

// Whatever we or our children make is the person's own.
process.umask(0o077);
const fatal = (error: unknown) => {
  console.error(error);
  process.exit(1);
};
process.on("uncaughtException", fatal);
process.on("unhandledRejection", fatal);

const { home } = values;
const clock: Clock = {
  now: () => new Date(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
const toolsDir = dirname(fileURLToPath(import.meta.url));
const processes = createProcesses();
const identity = ownIdentity();

try {
  const runner = await startRunner({
    home,
    git: createGit({ home: join(home, "git") }),
    processes,
    runShell: createRunShell(processes),
    clock,
    agents: {
      claude: ({ agent }) => createClaude({ command: agent.command, toolsDir }),
      rehearsal: ({ agent }) => createRehearsal({ command: agent.command, toolsDir }),
    },
    environment: process.env,
    bootId: () => identity.bootId,
    isShortOfRoom: (wasShort) => isShortOfRoom(home, wasShort),
    identity,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void runner.stop());
  // Who started us may close its terminal.
  process.on("SIGHUP", () => undefined);
  await runner.left;
  process.exit(0);
} catch (error) {
  if (!(error instanceof RunnerIsRunningError)) throw error;
  console.error(error.message);
  process.exit(3);
}
