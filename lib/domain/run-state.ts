import type { Comment } from "./comment.ts";
import type { Failure } from "./failure.ts";
import type { AgentSessionId, ObjectId, QuestionId } from "./ids.ts";
import type { Choice, Question } from "./question.ts";
import type { Carried, CouncilPart, Held, Review, Uncounted } from "./review.ts";

/** What a step of implementation is for. */
export type Work =
  | { readonly kind: "implement" }
  /** The validation was red; `attempt` counts from 1. */
  | { readonly kind: "repair"; readonly attempt: number }
  /** Uncommitted files were left behind. */
  | { readonly kind: "tidy" }
  /** The council wants changes, or a person does; `note` is the person's word. */
  | { readonly kind: "rework"; readonly note: string }
  /** The base moved and its merge into the branch conflicts in these files. */
  | { readonly kind: "merge-base"; readonly base: ObjectId; readonly conflicts: readonly string[] }
  /** A step was cut off, or people said something while it worked. */
  | { readonly kind: "continue"; readonly note: string };

export type Purpose =
  | { readonly phase: "implementation"; readonly work: Work }
  | { readonly phase: "review"; readonly part: CouncilPart; readonly again: boolean };

/** A step is one process of the agent. It is known to run only while it is `live`. */
export interface LiveStep {
  readonly number: number;
  /** Null between the decision to start it and the word that it was spawned. */
  readonly process: ProcessIdentity | null;
  /** It is the first step of its conversation. */
  readonly opens: boolean;
  /** The answer that it was resumed with. */
  readonly delivers: QuestionId | null;
  /** Answers and notes that nobody had told the agent before; nobody has, should this step be cut off. */
  readonly tells: { readonly answers: readonly QuestionId[]; readonly notes: readonly string[] };
}

/** Enough to tell a process from every later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of `/proc/<pid>/stat`: clock ticks since boot. */
  readonly startTicks: string;
  readonly bootId: string;
}

/** Work on the branch, or its review, as it stands; `step` is null when the next one is due. */
export type Active =
  | {
      readonly status: "running";
      readonly work: Work;
      readonly step: LiveStep | null;
      readonly deliver: QuestionId | null;
    }
  | {
      readonly status: "reviewing";
      readonly part: CouncilPart;
      readonly again: boolean;
      /** Why the first attempt at this part did not count. */
      readonly flaw: string | null;
      /** The step that has ended and whose reports are still to be counted. */
      readonly ended: number | null;
      readonly held: readonly Held[];
      readonly uncounted: readonly Uncounted[];
      /** Why it comes to no verdict before its end: asking once more did not help, or it overran its limits. */
      readonly over: string | null;
      /** What it has to say the outcome of. */
      readonly carried: readonly Carried[];
      readonly base: ObjectId;
      readonly head: ObjectId;
      readonly startedAt: string;
      /** The session's cost when the council was opened. */
      readonly costBeforeUsd: number;
      /** Since when its limits count: its opening, or when a person last set it going again. */
      readonly limitsFrom: { readonly at: string; readonly costUsd: number };
      readonly step: LiveStep | null;
      readonly deliver: QuestionId | null;
    };

export type Reviewing = Extract<Active, { status: "reviewing" }>;

export type RunState =
  | { readonly status: "preparing" }
  | Active
  /** The agent's step ended well; the worktree is still to be checked and validated. */
  | { readonly status: "checking"; readonly work: Work }
  | { readonly status: "waiting"; readonly open: readonly QuestionId[]; readonly then: Active }
  | { readonly status: "completed"; readonly head: ObjectId }
  | { readonly status: "approved"; readonly review: Review }
  | { readonly status: "rejected"; readonly review: Review }
  | { readonly status: "failed"; readonly failure: Failure; readonly then: Active | null }
  | {
      readonly status: "stopped";
      readonly by: string;
      readonly discard: boolean;
      readonly then: Active | null;
    }
  | { readonly status: "interrupted"; readonly why: string; readonly then: Active | null };

export type RunStatus = Exclude<RunState["status"], "checking">;

/** One command of a validation, a setup or a gate, as it went. */
export interface CommandRun {
  readonly name: string;
  readonly command: string;
  /** Null when it was ended by a signal or its time limit. */
  readonly exit: number | null;
  readonly durationMs: number;
  /** The last part of what it printed. */
  readonly tail: string;
}

export interface Validation {
  readonly passed: boolean;
  readonly commands: readonly CommandRun[];
  readonly head: ObjectId;
}

export interface Run {
  readonly state: RunState;
  /** 0 during the first implementation, one more with each round of rework. */
  readonly round: number;
  readonly steps: number;
  readonly agentSession: AgentSessionId | null;
  readonly worktree: string | null;
  readonly base: ObjectId | null;
  readonly head: ObjectId | null;
  readonly validation: Validation | null;
  readonly repairs: number;
  readonly tidied: boolean;
  /** First line of the summary; null until the work is completed. */
  readonly summary: string | null;
  readonly questions: readonly Question[];
  /** What people said to the agent and no step has been told yet. */
  readonly notes: readonly string[];
  readonly reviews: readonly Review[];
  /** People's comments that were sent with a rework and that no council has judged yet. */
  readonly comments: readonly Comment[];
  /** The approved change, where since then only its base has moved, without a conflict. */
  readonly confirmed: { readonly base: ObjectId; readonly head: ObjectId } | null;
  readonly costUsd: number;
  /** Highest number of the inbox that was dealt with. */
  readonly handled: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface Limits {
  /** Automatic rounds of rework before a rejection is final. */
  readonly reworkRounds: number;
  /** How often a red validation goes back to the agent. */
  readonly repairs: number;
  /** Left out: a dissent is debated once. */
  readonly council?: { readonly rebuttals: number };
}

export const newRun: Run = {
  state: { status: "preparing" },
  round: 0,
  steps: 0,
  agentSession: null,
  worktree: null,
  base: null,
  head: null,
  validation: null,
  repairs: 0,
  tidied: false,
  summary: null,
  questions: [],
  notes: [],
  reviews: [],
  comments: [],
  confirmed: null,
  costUsd: 0,
  handled: 0,
  startedAt: null,
  endedAt: null,
};

/** The status as people and files see it; checking the worktree is part of running. */
export function statusOf(state: RunState): RunStatus {
  return state.status === "checking" ? "running" : state.status;
}

export function purposeOf(state: Active): Purpose {
  return state.status === "running"
    ? { phase: "implementation", work: state.work }
    : { phase: "review", part: state.part, again: state.again };
}

/** Somebody may be working: the run is neither at its end nor at rest. */
export function isAlive(state: RunState): boolean {
  return ["preparing", "running", "checking", "waiting", "completed", "reviewing"].includes(state.status);
}

/** At rest, and a person or a policy may set it going again. */
export function isResumable(state: RunState): boolean {
  return ["failed", "stopped", "interrupted", "rejected"].includes(state.status);
}

/** The work or review that is under way, also while it waits for an answer. */
export function activeOf(state: RunState): Active | null {
  if (state.status === "running" || state.status === "reviewing") return state;
  return state.status === "waiting" ? state.then : null;
}

export function openQuestions(run: Run): Question[] {
  return run.questions.filter((question) => question.status === "open");
}

/** The choices that a resumed step is to be handed. */
export function choicesOf(run: Run, id: QuestionId): readonly Choice[] | null {
  const question = run.questions.find((each) => each.id === id);
  return question?.status === "answered" ? question.answer.choices : null;
}

/** Work begins, and no step of it is open yet. */
export function running(work: Work): Active {
  return { status: "running", work, step: null, deliver: null };
}
