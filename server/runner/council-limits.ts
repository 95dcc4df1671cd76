import type { CouncilLimits } from "#lib/domain/review.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { durationText } from "./duration-text.ts";

/** What a council may still use up; null where none is at work. `usd` is null where it has no budget of its own. */
export function restOfCouncil(
  run: Run,
  limits: CouncilLimits,
): { readonly endsAt: number; readonly usd: number | null } | null {
  if (run.state.status !== "reviewing") return null;
  const { at, costUsd } = run.state.limitsFrom;
  return {
    endsAt: Date.parse(at) + limits.timeLimitMs,
    usd: limits.budgetUsd === null ? null : limits.budgetUsd - (run.costUsd - costUsd),
  };
}

/** Why the council has to end now, after another `costUsd` were spent; null while it is within its limits. */
export function overrunOf(run: Run, limits: CouncilLimits, now: Date, costUsd = 0): string | null {
  const rest = restOfCouncil(run, limits);
  if (!rest) return null;
  if (rest.endsAt <= now.getTime()) return `It took longer than ${durationText(limits.timeLimitMs)}.`;
  if (rest.usd !== null && limits.budgetUsd !== null && rest.usd - costUsd <= 0)
    return `It spent its ${limits.budgetUsd.toFixed(2)} US dollars.`;
  return null;
}
