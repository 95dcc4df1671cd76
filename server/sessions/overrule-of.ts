import type { ObjectId } from "#lib/domain/ids.ts";
import type { Run } from "#lib/domain/run-state.ts";
import { isOverrulable, type SessionEvent } from "#lib/domain/session.ts";
import { ProblemError } from "../application.ts";
import type { SessionRow } from "./ports.ts";

export interface OverruleOrder {
  readonly verdict: "approve" | "reject";
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  /** The head that the person looked at; null where they name none. */
  readonly seen: ObjectId | null;
  /** Where git has the branch. */
  readonly tip: ObjectId | null;
}

/** What a person's decision against the council does to the session as it stands; throws where it cannot be made. */
export function overruleOf(
  row: SessionRow,
  run: Run,
  order: OverruleOrder,
): Extract<SessionEvent, { kind: "overruled" }> {
  const { verdict, reason, by, at, seen, tip } = order;
  if (verdict === "approve" && !isOverrulable(row.state)) {
    throw conflict(
      row,
      "was not refused by a council",
      "Only rejected work, or a council without a verdict, can be approved by a person.",
    );
  }
  if (verdict === "reject" && row.state.status !== "approved") throw conflict(row, "is not approved");
  const { base, head } = run;
  if (!base || !head || head === base) throw conflict(row, "has no change to decide about");
  if (tip !== head) {
    const where = tip === null ? "is gone" : `has moved to ${tip.slice(0, 12)}, which no council has seen`;
    throw conflict(row, `cannot be decided: its branch ${where}`, "Send it to rework.");
  }
  if (seen !== null && seen !== head) {
    throw conflict(
      row,
      `is at ${head.slice(0, 12)} by now, not at ${seen.slice(0, 12)}`,
      "Look at it again, then decide.",
    );
  }
  const rounds = row.spec?.limits.reworkRounds ?? 0;
  if (verdict === "approve" && run.state.status === "rejected" && run.round < rounds) {
    throw conflict(row, "is being sent back to its agent by itself", "Wait for the next council.");
  }
  const decided = verdict === "approve" ? "approved" : "rejected";
  return { kind: "overruled", base, overrule: { verdict: decided, by, reason, at, head } };
}

function conflict(row: SessionRow, what: string, fix: string | null = null): ProblemError {
  return new ProblemError("conflict", `${row.id} (${row.state.status}) ${what}.`, fix);
}
