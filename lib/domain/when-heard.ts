import type { SessionStatus } from "./session.ts";

/** When the agent of a session in this state reads what a person writes to it unasked, and what follows from that. */
export function whenHeard(status: SessionStatus): string {
  switch (status) {
    case "queued":
    case "preparing":
    case "running":
    case "completed":
      return "the agent reads it at its next step.";
    case "waiting":
      return "the agent reads it once its question is answered.";
    case "reviewing":
      return "the council does not hear it; the agent reads it after the verdict, and the work is reviewed again.";
    case "approved":
    case "outdated":
      return "the work goes back to its agent with it, and is reviewed again before it can land.";
    case "rejected":
      return "the agent goes on with it now.";
    case "failed":
    case "stopped":
    case "interrupted":
      return "the session goes on now, and the agent reads it at its next step of work, after a question or a council that was cut off.";
    case "merging":
    case "merged":
      return "nobody reads it any more.";
  }
}
