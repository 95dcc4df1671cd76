import type { Comment } from "./comment.ts";
import type { Failure } from "./failure.ts";
import type { AgentSessionId, ObjectId, QuestionId } from "./ids.ts";
import type { Answered, Asked } from "./question.ts";
import type { Attendance, CouncilPart, Held, Report, Review } from "./review.ts";
import type { ProcessIdentity, Purpose, Validation } from "./run-state.ts";

/** What happens to a run, as `events.jsonl` keeps it. */
export type RunEvent = { readonly at: string } & (
  | { readonly kind: "prepared"; readonly worktree: string; readonly base: ObjectId }
  | {
      readonly kind: "step-started";
      readonly step: number;
      readonly purpose: Purpose;
      readonly agentSession: AgentSessionId;
      /** The answer that this step is resumed with. */
      readonly delivers: QuestionId | null;
    }
  | { readonly kind: "step-spawned"; readonly step: number; readonly process: ProcessIdentity }
  | {
      readonly kind: "step-finished";
      readonly step: number;
      readonly costUsd: number;
      readonly head: ObjectId;
    }
  | { readonly kind: "step-asked"; readonly step: number; readonly costUsd: number; readonly question: Asked }
  | {
      readonly kind: "step-failed";
      readonly step: number;
      readonly costUsd: number;
      readonly failure: Failure;
      /** The conversation cannot be gone on with; the next step begins a new one. */
      readonly agentSessionLost: boolean;
    }
  /** A question from a file, whose asker goes on living and polls. */
  | { readonly kind: "asked"; readonly question: Asked }
  | {
      readonly kind: "answered";
      readonly question: QuestionId;
      readonly answer: Answered;
      readonly inbox: number;
    }
  | { readonly kind: "withdrawn"; readonly question: QuestionId; readonly reason: string }
  | { readonly kind: "left-uncommitted"; readonly files: readonly string[] }
  | { readonly kind: "validated"; readonly validation: Validation }
  | { readonly kind: "completed"; readonly head: ObjectId; readonly summary: string }
  | { readonly kind: "council-opened"; readonly base: ObjectId; readonly head: ObjectId }
  | { readonly kind: "part-held"; readonly held: Held }
  /** A part that cannot be counted; it is asked for again once. */
  | {
      readonly kind: "part-failed";
      readonly part: CouncilPart;
      readonly reason: string;
      readonly reports: readonly Report[];
      readonly attended: readonly Attendance[];
    }
  /** It used up its time or its money; the step that was under way has ended. */
  | {
      readonly kind: "council-overran";
      readonly reason: string;
      readonly costUsd: number;
      readonly head: ObjectId;
    }
  | { readonly kind: "review-concluded"; readonly review: Review }
  | {
      readonly kind: "rework-started";
      readonly round: number;
      readonly by: string;
      readonly note: string;
      readonly comments: readonly Comment[];
      readonly inbox: number | null;
    }
  | {
      readonly kind: "base-merged";
      readonly base: ObjectId;
      readonly head: ObjectId;
      readonly conflicts: readonly string[];
      /** The branch held something else than what was approved: the whole council has to see it. */
      readonly foreign: boolean;
      readonly inbox: number;
    }
  | {
      readonly kind: "resumed";
      readonly by: string;
      readonly note: string;
      readonly inbox: number | null;
      readonly fresh: boolean;
    }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "stopped"; readonly by: string; readonly discard: boolean; readonly inbox: number }
  | { readonly kind: "interrupted"; readonly why: string }
  /** Somebody's word to the agent, kept for its next step. */
  | { readonly kind: "noted"; readonly by: string; readonly text: string; readonly inbox: number }
  /** An inbox entry that changed nothing, with the reason; `lost` where it, and those missing before it, could not be read. */
  | {
      readonly kind: "handled";
      readonly inbox: number;
      readonly outcome: string;
      readonly lost?: boolean | undefined;
    }
  | { readonly kind: "warned"; readonly text: string }
  /** Somebody else wrote a file of ours; what they wrote was set aside and counts for nothing. */
  | { readonly kind: "forgery-found"; readonly file: string; readonly kept: string }
);

export type RunEventKind = RunEvent["kind"];
