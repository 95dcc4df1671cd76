import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectId } from "#lib/domain/ids.ts";
import { passedEnvironment } from "#lib/domain/passed-environment.ts";
import { carryFiles } from "#server/files/carry-files.ts";
import type { Confinement, ShellRun } from "#server/ports.ts";
import type { GateCommand, GateRun, Landing, LandingOrder, MergingDeps } from "./ports.ts";

/** What people are shown of a red command's output. */
const shownTail = 2000;

/** What the commands came to; `not-ready` where the setup failed, `interrupted` where somebody ended it. */
type GateResult =
  | { readonly kind: "passed" | "flaky"; readonly commands: readonly GateRun[] }
  | {
      readonly kind: "red" | "not-ready";
      readonly commands: readonly GateRun[];
      readonly problem: string;
      readonly tail: string;
    }
  | { readonly kind: "interrupted" };

interface GateOn {
  readonly commit: ObjectId;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}

/** Checks the commit out in a folder of its own, makes that ready as a worktree is made, and runs the gate there. */
export async function runGate(landing: Landing, deps: MergingDeps, on: GateOn): Promise<GateResult> {
  const { order } = landing.journal;
  await removeScratch(landing, deps);
  const path = scratchPath(landing, deps);
  await deps.git.addScratchWorktree({ repository: order.repository.root, path, commit: on.commit });
  try {
    const { problems } = await carryFiles({ from: order.repository.root, to: path, files: order.carry });
    for (const problem of problems) on.write(`${problem}\n`);
    const prepared = await runAll(order.setup, "not-ready");
    return prepared.kind === "passed" || prepared.kind === "flaky"
      ? await runAll(order.gate, "red")
      : prepared;
  } finally {
    await removeScratch(landing, deps);
  }

  /** One after the other, until one fails, which is tried again as the rules say. */
  async function runAll(all: readonly GateCommand[], failed: "red" | "not-ready"): Promise<GateResult> {
    const commands: GateRun[] = [];
    for (const each of all) {
      for (let tries = 0; ; tries += 1) {
        const run = await runCommand(each, tries);
        if (on.signal.aborted) return { kind: "interrupted" };
        const { name, command } = each;
        const retried = tries > 0;
        const durationMs = Math.round(run.durationMs);
        const printed = deps.redact(run.tail);
        commands.push({ name, command, exit: run.exit, durationMs, tail: printed, retried });
        const problem = problemOf(run, order);
        on.write(`\n[${name}: ${problem ?? "passed"}, ${(run.durationMs / 1000).toFixed(1)} s]\n`);
        if (problem === null) break;
        // What hangs once is likely to hang again, and costs the whole limit.
        if (run.end === "exited" && tries < order.rules.retries) continue;
        const tail = plain(printed).slice(-shownTail).trim();
        return { kind: failed, commands, problem: `${name} ${problem}`, tail };
      }
    }
    return { kind: commands.some(({ retried }) => retried) ? "flaky" : "passed", commands };
  }

  function runCommand({ command }: GateCommand, tries: number): Promise<ShellRun> {
    on.write(`$ ${command}${tries > 0 ? "  (tried once more)" : ""}\n`);
    return deps.runShell({
      command,
      cwd: path,
      env: passedEnvironment(order, deps.environment),
      marker: markerOf(landing),
      confinement: order.sandbox ? confinementAt(order, path, deps.hidden) : null,
      timeLimitMs: order.gateTimeLimitMs,
      signal: on.signal,
      onOutput: on.write,
    });
  }
}

/** The scratch checkout is all that it writes; the repository can be read, for what asks git. */
function confinementAt(order: LandingOrder, path: string, hidden: readonly string[]): Confinement {
  const { root, commonDir } = order.repository;
  return { hidden, readable: [commonDir, root], writable: [path], kept: [join(path, ".git")] };
}

/** Without colours and whatever else a terminal would obey; lines and tabs stay. */
function plain(output: string): string {
  return output.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "").replace(/[^\P{Cc}\n\t]/gu, "");
}

function problemOf(run: ShellRun, order: LandingOrder): string | null {
  switch (run.end) {
    case "exited":
      if (run.exit === 0) return null;
      return run.exit === null
        ? `was ended by ${run.signal ?? "a signal"}`
        : `ended with exit code ${run.exit}`;
    case "time-limit":
      return `ran longer than ${Math.round(order.gateTimeLimitMs / 1000)} seconds`;
    case "cancelled":
      return "was cancelled";
    case "not-started":
      return "could not be started";
  }
}

function scratchPath(landing: Landing, deps: MergingDeps): string {
  return join(deps.scratchDir, landing.id);
}

function markerOf({ id }: Landing): string {
  return `landing/${id}`;
}

/** Also what a dead server left behind: its commands may still be at work there. */
export async function removeScratch(landing: Landing, deps: MergingDeps): Promise<void> {
  await deps.endMarked(markerOf(landing));
  const path = scratchPath(landing, deps);
  const { root } = landing.journal.order.repository;
  const worktrees = await deps.git.worktrees(root);
  if (worktrees.some((each) => each.path === path)) {
    await deps.git.removeWorktree(root, path, { force: true });
  }
  await rm(path, { recursive: true, force: true });
}
