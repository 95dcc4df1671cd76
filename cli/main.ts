import { CommanderError } from "commander";
import colors from "picocolors";
import { RefusedError, UnreachableError } from "#lib/client/http.ts";
import { CliError } from "./connection.ts";
import { createProgram } from "./program.ts";

/** Exit codes: 0 done, 1 refused or failed, 2 done with items parked, 3 no server. */
const exitCodes = { failed: 1, unreachable: 3 } as const;

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

// A reader that goes away early, such as `head`, is no error; a command that has to clean up does so.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  if (!process.emit("SIGINT")) process.exit(0);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
