import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommandRun } from "#lib/domain/run.ts";
import type { ShellRun } from "#server/ports.ts";
import type { Landing, LandingOrder, MergingDeps } from "./ports.ts";
import type { Step } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

/** What people are shown of a red command's output. */
const shownTail = 2000;

/** Runs the configured commands on exactly the tree that is to land, away from every checkout. */
export const gate: Step = async (landing, deps, signal) => {
  const { order } = landing.journal;
  if (order.gate.length === 0) return done({ gate: { kind: "not-configured" } });
  const commit = known(landing.journal.commit, "commit");
  await removeScratch(landing, deps);
  const path = scratchPath(landing, deps);
  await deps.git.addScratchWorktree({ repository: order.repository.root, path, commit });
  const commands: CommandRun[] = [];
  try {
    for (const { name, command } of order.gate) {
      const run = await deps.runShell({
        command,
        cwd: path,
        env: deps.gateEnv,
        marker: `landing/${landing.id}`,
        timeLimitMs: order.gateTimeLimitMs,
        signal,
      });
      if (signal.aborted) return { kind: "later", trouble: "The gate was interrupted." };
      commands.push({
        name,
        command,
        exit: run.exit,
        durationMs: Math.round(run.durationMs),
        tail: run.tail,
      });
      const problem = problemOf(run, order);
      if (problem === null) continue;
      const tail = plain(run.tail).slice(-shownTail).trim();
      return ended(
        "gate-red",
        `The gate's command ${name} ${problem}. ${order.repository.base} was not touched.${tail && `\n\n${tail}`}`,
        { learned: { gate: { kind: "red", commands } } },
      );
    }
    return done({ gate: { kind: "passed", commands } });
  } finally {
    await removeScratch(landing, deps);
  }
};

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
