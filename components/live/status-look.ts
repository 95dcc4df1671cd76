import type { SessionView } from "#lib/contract/wire.ts";

/** The word and the tone of a session's status, the same on every page. */
export interface StatusLook {
  readonly word: string;
  readonly tone: "neutral" | "info" | "attention" | "review" | "good" | "bad";
  /** A process is at work. */
  readonly alive: boolean;
}

const looks: Readonly<Record<SessionView["status"], StatusLook>> = {
  queued: { word: "queued", tone: "neutral", alive: false },
  preparing: { word: "preparing", tone: "info", alive: true },
  running: { word: "running", tone: "info", alive: true },
  waiting: { word: "waiting for you", tone: "attention", alive: false },
  completed: { word: "completed", tone: "review", alive: false },
  reviewing: { word: "in review", tone: "review", alive: true },
  approved: { word: "approved", tone: "good", alive: false },
  outdated: { word: "approved, checking again", tone: "review", alive: false },
  rejected: { word: "rejected", tone: "bad", alive: false },
  merging: { word: "merging", tone: "good", alive: true },
  merged: { word: "merged", tone: "neutral", alive: false },
  failed: { word: "failed", tone: "bad", alive: false },
  stopped: { word: "stopped", tone: "neutral", alive: false },
  interrupted: { word: "interrupted", tone: "bad", alive: false },
};

export function statusLook({ status, evidence, byHand, reverted }: SessionView): StatusLook {
  if (evidence.derived === "stale") return { word: "stale", tone: "attention", alive: false };
  if (evidence.derived === "unknown") return { word: "unknown", tone: "attention", alive: false };
  if (status === "merged" && reverted) return { word: "taken back", tone: "attention", alive: false };
  if (status === "merged" && byHand) return { word: "merged by hand", tone: "neutral", alive: false };
  return looks[status];
}

/** A person has to decide how this session goes on. */
export function needsPerson({ status, openQuestions, evidence }: SessionView): boolean {
  if (status === "merged" || status === "stopped") return false;
  return (
    openQuestions > 0 ||
    evidence.derived !== null ||
    status === "waiting" ||
    status === "failed" ||
    status === "rejected" ||
    status === "interrupted"
  );
}
