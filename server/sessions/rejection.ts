import type { Run } from "#lib/domain/run-state.ts";
import type { SessionRow } from "./ports.ts";

/** No further round follows by itself. */
export function isSettledRejection(run: Run, row: SessionRow): boolean {
  return run.state.status === "rejected" && run.round >= (row.spec?.limits.reworkRounds ?? 0);
}
