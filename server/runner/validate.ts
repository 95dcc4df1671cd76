import { join } from "node:path";
import { z } from "zod";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { CommandRun, Validation } from "#lib/domain/run-state.ts";
import { readWhole, UntrustedFileError } from "./safe-file.ts";
import { confinementOf } from "./confinement.ts";
import { commandMarker } from "./places.ts";
import { worktreeOf, type Session } from "./session.ts";

/** In the order in which they are worth running. */
const scripts = ["test", "lint", "build"] as const;
const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });
/** What npm itself writes into a new package; it fails by design. */
const placeholder = 'echo "Error: no test specified" && exit 1';

/** Runs the configured commands, where nothing is configured the repository's own scripts, all of them even after a red one. */
export async function validate(session: Session, head: ObjectId): Promise<Validation> {
  const { spec, ports, signal } = session;
  const { worktree } = worktreeOf(session);
  const orders = spec.validate ?? (await foundScripts(worktree));
  // What the agent wrote is what runs here.
  const confinement = await confinementOf(session, null);
  const commands: CommandRun[] = [];
  for (const { name, command } of orders) {
    const run = await ports.runShell({
      command,
      cwd: worktree,
      env: session.env,
      marker: commandMarker(spec),
      confinement,
      timeLimitMs: spec.limits.commandTimeoutMs,
      signal,
      onOutput: (text) => {
        session.log.stream(text);
        session.touch();
      },
    });
    signal.throwIfAborted();
    const exit = run.end === "exited" ? run.exit : null;
    commands.push({ name, command, exit, durationMs: run.durationMs, tail: run.tail });
  }
  return { passed: commands.every(({ exit }) => exit === 0), commands, head };
}

async function foundScripts(worktree: string) {
  try {
    const text = await readWhole(join(worktree, "package.json"), 4 << 20);
    if (text === null) return [];
    const found = packageSchema.parse(JSON.parse(text)).scripts;
    return scripts
      .filter((name) => found[name] !== undefined && found[name] !== placeholder)
      .map((name) => ({ name, command: `npm run --silent ${name}` }));
  } catch (error) {
    if (error instanceof UntrustedFileError || error instanceof SyntaxError || error instanceof z.ZodError) {
      return [];
    }
    throw error;
  }
}
