/** What a retry of a failed session can do. */
export type Remedy = "retry" | "retry-later" | "fix-first" | "person";

/** Every way in which a run can fail: a closed list, each with what happened and what can help. */
export const failures = {
  "agent-killed": { text: "The agent was ended by a signal.", remedy: "person" },
  "agent-crashed": { text: "The agent ended with an error and gave no result.", remedy: "retry" },
  "agent-no-result": { text: "The agent gave no result.", remedy: "fix-first" },
  "agent-missing": { text: "The agent's program was not found.", remedy: "fix-first" },
  "agent-too-old": { text: "The agent's program is too old.", remedy: "fix-first" },
  "agent-not-logged-in": { text: "The agent is not logged in.", remedy: "fix-first" },
  "agent-hung": { text: "The agent stopped making progress and was ended.", remedy: "retry" },
  "rate-limited": { text: "The model's service asked to slow down.", remedy: "retry-later" },
  "service-error": { text: "The model's service failed.", remedy: "retry-later" },
  "credit-exhausted": { text: "The account has no credit left.", remedy: "fix-first" },
  "budget-exhausted": { text: "The session's budget is used up.", remedy: "person" },
  "turns-exhausted": { text: "The step used up its turns.", remedy: "person" },
  "prompt-too-long": { text: "The conversation has become too long to go on.", remedy: "retry" },
  "conversation-broken": {
    text: "The conversation cannot be gone on with: it is gone, or the model's service refuses it.",
    remedy: "retry",
  },
  "no-change": { text: "The agent finished without changing anything.", remedy: "person" },
  "validation-red": { text: "The validation stayed red.", remedy: "person" },
  "no-verdict": { text: "The review council reached no verdict.", remedy: "person" },
  "worktree-busy": { text: "The worktree's path or branch is taken.", remedy: "fix-first" },
  "worktree-missing": { text: "The worktree or its branch is gone.", remedy: "person" },
  "setup-failed": { text: "Preparing the worktree failed.", remedy: "fix-first" },
  "claim-lost": { text: "The item is not this session's any more.", remedy: "person" },
  "not-ready": { text: "The item could not be worked on when its turn came.", remedy: "person" },
  "merge-conflict": { text: "The branch conflicts with its base.", remedy: "person" },
  "log-flood": { text: "The agent wrote more than its log may hold.", remedy: "person" },
  "bad-spec": { text: "The session's specification cannot be read.", remedy: "person" },
  internal: { text: "Amplify itself failed.", remedy: "retry" },
} as const satisfies Readonly<Record<string, { text: string; remedy: Remedy }>>;

export type FailureReason = keyof typeof failures;

export interface Failure {
  readonly reason: FailureReason;
  /** The particulars, in plain words: files, exit codes, the program's own message. */
  readonly detail: string;
  /** For a limit: when it ends, where the service named that. */
  readonly until?: string | undefined;
}
