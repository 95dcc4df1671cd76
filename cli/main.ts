import { Command, CommanderError } from "commander";
import colors from "picocolors";
import { RefusedError, UnreachableError } from "#lib/client/http.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addOpen } from "./commands/open.ts";
import { addRepo } from "./commands/repo.ts";
import { addServe } from "./commands/serve.ts";
import { addSession } from "./commands/session.ts";
import { CliError } from "./connection.ts";

/** Exit codes: 0 done, 1 refused or failed, 2 done with items parked, 3 no server. */
const exitCodes = { failed: 1, unreachable: 3 } as const;

function createProgram(): Command {
  const program = new Command("amplify")
    .description("Turns a ready backlog into merged work: one worktree and one agent session per item.")
    .option("--json", "print one JSON document instead of text")
    .option("-C <path>", "act as if started in this folder")
    .showHelpAfterError("Run with --help for the usage.")
    .exitOverride();
  addServe(program);
  addSession(program);
  addRepo(program);
  addOpen(program);
  addDoctor(program);
  return program;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const say = (message: string, fix: string | null) => {
    process.stderr.write(`${colors.red("error")}: ${message}\n`);
    if (fix !== null) process.stderr.write(`${fix}\n`);
  };
  if (error instanceof RefusedError) say(error.message, error.problem.fix);
  else if (error instanceof CliError) say(error.message, error.fix);
  else if (error instanceof UnreachableError) {
    say(error.message, "Start it with `amplify serve`.");
    return exitCodes.unreachable;
  } else say(error instanceof Error ? (error.stack ?? error.message) : String(error), null);
  return exitCodes.failed;
}

// A reader that goes away early, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
