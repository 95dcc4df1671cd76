import type { ObjectId } from "#lib/domain/ids.ts";
import { openGateLog } from "./gate-log.ts";
import { runGate } from "./run-gate.ts";
import type { Step } from "./step-result.ts";
import { done, ended, known } from "./step-result.ts";

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
        case "not-ready":
          return ended(
            "error",
            `The gate did not run, as its setup failed: ${result.problem}. ${base} was not touched.${shown(result)}`,
            { learned: { gate: { kind: "not-ready", commands: result.commands } } },
          );
        case "red": {
          const isRedOnBase = await isRedOn(known(landing.journal.base, "base"));
          const whose = isRedOnBase ? ` It is red on ${base} by itself too.` : "";
          return ended(
            "gate-red",
            `The gate's command ${result.problem}. ${base} was not touched.${whose}${shown(result)}`,
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

function shown({ tail }: { readonly tail: string }): string {
  return tail && `\n\n${tail}`;
}
