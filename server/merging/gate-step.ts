import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { Confinement, ShellRun } from "#server/ports.ts";
import { openGateLog } from "./gate-log.ts";
import type { GateCommand, GateRun, Landing, LandingOrder, MergingDeps } from "./ports.ts";
import type { Step } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

/** What people are shown of a red command's output. */
const shownTail = 2000;

/** What the commands came to; `interrupted` where somebody ended it. */
type GateResult =
  | { readonly kind: "passed" | "flaky"; readonly commands: readonly GateRun[] }
  | {
      readonly kind: "red";
      readonly commands: readonly GateRun[];
      readonly problem: string;
      readonly tail: string;
    }
  | { readonly kind: "interrupted" };

/**
 * Runs the configured commands on exactly the tree that is to land, away from every checkout. `begin` is
 * told the number of the log before anything is printed to it.
 */
export function gateStep(begin: (log: number) => Promise<void>): Step {
  return async (landing, deps, signal) => {
    const { order } = landing.journal;
    const { base } = order.repository;
    if (order.gate.length === 0) return done({ gate: { kind: "not-configured" } });
    const log = await openGateLog(order.directory);
    try {
      await begin(log.number);
      const commit = known(landing.journal.commit, "commit");
      const result = await runGate(landing, deps, { commit, signal, write: log.write });
      switch (result.kind) {
        case "interrupted":
          log.write("\n(interrupted)\n");
          return { kind: "later", trouble: "The gate was interrupted." };
        case "passed":
        case "flaky":
          return done({ gate: { kind: result.kind, commands: result.commands } });
        case "red": {
          const isRedOnBase = await isRedOn(known(landing.journal.base, "base"));
          const whose = isRedOnBase ? ` It is red on ${base} by itself too.` : "";
          return ended(
            "gate-red",
            `The gate's command ${result.problem}. ${base} was not touched.${whose}${result.tail && `\n\n${result.tail}`}`,
            { learned: { gate: { kind: "red", commands: result.commands }, isRedOnBase } },
          );
        }
      }

      /** Only who would send the work back for it has to know. */
      async function isRedOn(tip: ObjectId): Promise<boolean> {
        if (order.rules.red !== "send-back" || order.undo !== null || signal.aborted) return false;
        log.write(`\nRed. The same on ${base} as it stands, to see whose fault it is:\n`);
        return (await runGate(landing, deps, { commit: tip, signal, write: log.write })).kind === "red";
      }
    } finally {
      await log.close();
    }
  };
}

interface GateOn {
  readonly commit: ObjectId;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}

async function runGate(landing: Landing, deps: MergingDeps, on: GateOn): Promise<GateResult> {
  const { order } = landing.journal;
  await removeScratch(landing, deps);
  const path = scratchPath(landing, deps);
  await deps.git.addScratchWorktree({ repository: order.repository.root, path, commit: on.commit });
  const commands: GateRun[] = [];
  try {
    for (const gate of order.gate) {
      for (let tries = 0; ; tries += 1) {
        const run = await runCommand(gate, tries);
        if (on.signal.aborted) return { kind: "interrupted" };
        const { name, command } = gate;
        const retried = tries > 0;
        const durationMs = Math.round(run.durationMs);
        commands.push({ name, command, exit: run.exit, durationMs, tail: run.tail, retried });
        const problem = problemOf(run, order);
        on.write(`\n[${name}: ${problem ?? "passed"}, ${(run.durationMs / 1000).toFixed(1)} s]\n`);
        if (problem === null) break;
        // What hangs once is likely to hang again, and costs the whole limit.
        if (run.end === "exited" && tries < order.rules.retries) continue;
        const tail = plain(run.tail).slice(-shownTail).trim();
        return { kind: "red", commands, problem: `${name} ${problem}`, tail };
      }
    }
    return { kind: commands.some(({ retried }) => retried) ? "flaky" : "passed", commands };
  } finally {
    await removeScratch(landing, deps);
  }

  function runCommand({ command }: GateCommand, tries: number): Promise<ShellRun> {
    on.write(`$ ${command}${tries > 0 ? "  (tried once more)" : ""}\n`);
    return deps.runShell({
      command,
      cwd: path,
      env: deps.gateEnv,
      marker: `landing/${landing.id}`,
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

/** Also what a dead server left behind. */
export async function removeScratch(landing: Landing, deps: MergingDeps): Promise<void> {
  const path = scratchPath(landing, deps);
  const { root } = landing.journal.order.repository;
  const worktrees = await deps.git.worktrees(root);
  if (worktrees.some((each) => each.path === path)) {
    await deps.git.removeWorktree(root, path, { force: true });
  }
  await rm(path, { recursive: true, force: true });
}
