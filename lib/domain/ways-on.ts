import type { SessionStatus } from "./session.ts";

/** What a person can do with a session as it stands. */
export type Way =
  | "message"
  | "stop"
  | "rework"
  | "approve"
  | "reject"
  | "resume"
  /** With a new conversation, in the same worktree. */
  | "resume-fresh"
  /** A new session in the place of this one. */
  | "dispatch"
  /** Its item returns to the backlog, its work to an archive. */
  | "give-up";

export interface Ways {
  /** The likeliest first. */
  readonly first: readonly Way[];
  readonly more: readonly Way[];
}

interface Standing {
  readonly status: SessionStatus;
  readonly reason: { readonly code: string } | null;
  /** Its merge was taken back. */
  readonly reverted: object | null;
}

/** Its item or its work is not the session's any more, or never was: only a new one helps. */
const cannotGoOn: readonly (string | undefined)[] = ["given-up", "claim-lost", "not-ready", "bad-spec"];

/** Whatever is offered here the server takes, rights apart. */
export function waysOn({ status, reason, reverted }: Standing): Ways {
  const code = reason?.code;
  switch (status) {
    case "queued":
      return { first: ["stop"], more: [] };
    case "preparing":
    case "running":
    case "waiting":
    case "completed":
    case "reviewing":
      return { first: ["message", "stop"], more: [] };
    case "approved":
      return { first: ["rework", "reject"], more: ["give-up"] };
    case "outdated":
      return { first: ["rework"], more: ["give-up"] };
    case "merging":
      return { first: [], more: [] };
    case "merged":
      return { first: reverted ? ["dispatch"] : [], more: [] };
    case "rejected":
      return {
        first: code === "overruled" ? ["rework"] : ["rework", "approve"],
        more: ["dispatch", "give-up"],
      };
    case "failed":
    case "interrupted":
    case "stopped":
      if (code === "given-up") return { first: ["dispatch"], more: [] };
      if (cannotGoOn.includes(code)) return { first: ["dispatch"], more: ["give-up"] };
      // The other ways on after a conflict stand with its landing.
      if (code === "merge-conflict") return { first: ["rework"], more: ["give-up"] };
      return {
        first:
          status !== "failed"
            ? ["resume"]
            : code === "no-verdict"
              ? ["resume", "rework", "approve"]
              : ["resume", "rework"],
        more: ["message", "resume-fresh", "dispatch", "give-up"],
      };
  }
}
