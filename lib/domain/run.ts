import type { Failure } from "./failure.ts";
import type { AgentSessionId, ObjectId, QuestionId } from "./ids.ts";
import type { Answered, Asked, Choice, Question } from "./question.ts";
import { answer, describeAnswerProblem, withdraw } from "./question.ts";
import type { Comment } from "./comment.ts";
import { conclude, type CouncilRules } from "./conclude.ts";
import { carriedOf } from "./earlier-findings.ts";
import type { Attendance, Carried, CouncilPart, Held, Report, Review, Uncounted } from "./review.ts";

/**
 * The run of one session, as the runner drives it. Its events are its truth (`events.jsonl`): a run
 * is what they fold to, and {@link due} says from that alone what has to be done next. So a runner
 * that died anywhere goes on by reading the events again.
 */

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
  /** A step was cut off, or a person has something to say. */
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
  /** An inbox entry that changed nothing, with the reason. */
  | { readonly kind: "handled"; readonly inbox: number; readonly outcome: string }
  | { readonly kind: "warned"; readonly text: string }
  /** Somebody else wrote a file of ours; what they wrote was set aside and counts for nothing. */
  | { readonly kind: "forgery-found"; readonly file: string; readonly kept: string }
);

export type RunEventKind = RunEvent["kind"];

/** What has to be done next: exactly one thing, derived from the state. */
export type Due =
  | { readonly kind: "prepare" }
  | {
      readonly kind: "start-step";
      readonly number: number;
      readonly purpose: Purpose;
      readonly delivers: QuestionId | null;
    }
  | { readonly kind: "watch-step"; readonly step: LiveStep; readonly purpose: Purpose }
  | { readonly kind: "check-work" }
  /** A part's step has ended: count what its roles reported. */
  | { readonly kind: "hold-part"; readonly step: number; readonly part: CouncilPart }
  | { readonly kind: "open-council" }
  | { readonly kind: "conclude" }
  | { readonly kind: "rework" }
  | { readonly kind: "wait" }
  | { readonly kind: "nothing" };

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

export function due(run: Run, limits: Limits): Due {
  const { state } = run;
  switch (state.status) {
    case "preparing":
      return { kind: "prepare" };
    case "running":
    case "reviewing": {
      if (state.step) return { kind: "watch-step", step: state.step, purpose: purposeOf(state) };
      if (state.status === "reviewing") {
        if (state.ended !== null) return { kind: "hold-part", step: state.ended, part: state.part };
        if (isConclusive(state, limits)) return { kind: "conclude" };
      }
      return {
        kind: "start-step",
        number: run.steps + 1,
        purpose: purposeOf(state),
        // Without a conversation there is no call that waits: the answer goes into the prompt.
        delivers: run.agentSession ? state.deliver : null,
      };
    }
    case "checking":
      return { kind: "check-work" };
    case "waiting":
      // An asker that polls a file is a live process, and somebody has to see it end.
      return state.then.step
        ? { kind: "watch-step", step: state.then.step, purpose: purposeOf(state.then) }
        : { kind: "wait" };
    case "completed":
      return { kind: "open-council" };
    case "rejected":
      return run.round < limits.reworkRounds ? { kind: "rework" } : { kind: "wait" };
    case "approved":
    case "failed":
    case "stopped":
    case "interrupted":
      return { kind: "nothing" };
  }
}

/** The rules of the council that is being held. */
export function councilRules({ carried }: Reviewing, { council }: Limits): CouncilRules {
  return { rebuttals: council?.rebuttals ?? 1, carried };
}

function isConclusive(state: Reviewing, limits: Limits): boolean {
  if (state.over !== null) return true;
  const last = state.held.at(-1);
  if (!last || last.part !== state.part || state.deliver) return false;
  return conclude(state.held, councilRules(state, limits)).kind !== "next";
}

/** An approval is the council's own, in the record as in fact, and for exactly the change that it had before it. */
function isApprovedBy(state: Reviewing, review: Review, limits: Limits): boolean {
  const isSameChange = review.base === state.base && review.head === state.held.at(-1)?.headAfter;
  const rules = councilRules(state, limits);
  const amountsToIt = [state.held, review.parts].every((parts) => conclude(parts, rules).kind === "approved");
  return state.over === null && amountsToIt && isSameChange;
}

export type Transition = { readonly run: Run } | { readonly rejected: string };

/** Folds one event into the run, or says why it cannot happen now. */
export function transition(run: Run, event: RunEvent, limits: Limits): Transition {
  const { state } = run;
  const to = (next: RunState, fields: Partial<Run> = {}): Transition => ({
    run: { ...run, ...fields, state: next },
  });
  const refuse = (why: string): Transition => ({ rejected: `${event.kind} while ${state.status}: ${why}` });
  const inbox =
    "inbox" in event && event.inbox !== null ? { handled: Math.max(run.handled, event.inbox) } : {};

  switch (event.kind) {
    case "prepared":
      if (state.status !== "preparing") return refuse("the worktree is prepared once");
      return to(running({ kind: "implement" }), {
        worktree: event.worktree,
        base: event.base,
        head: event.base,
        startedAt: run.startedAt ?? event.at,
      });

    case "step-started": {
      if (state.status !== "running" && state.status !== "reviewing") return refuse("no step is due");
      if (state.step) return refuse(`step ${String(state.step.number)} is still open`);
      if (event.step !== run.steps + 1) return refuse(`step ${String(run.steps + 1)} is next`);
      if (state.status === "reviewing" && state.ended !== null) return refuse("the last step is not counted");
      // A step that hands over an answer has no prompt, and a council hears nobody: what was noted waits for the next work.
      const hearsNotes = event.delivers === null && state.status === "running";
      const step: LiveStep = {
        number: event.step,
        process: null,
        opens: event.agentSession !== run.agentSession,
        delivers: event.delivers,
        tells: {
          answers: run.questions.filter(isUndelivered).map(({ id }) => id),
          notes: hearsNotes ? run.notes : [],
        },
      };
      return to(
        { ...state, step, deliver: null },
        {
          steps: event.step,
          agentSession: event.agentSession,
          endedAt: null,
          notes: hearsNotes ? [] : run.notes,
          questions: delivered(run.questions, event.at),
          // Whoever works on the branch again does more than move its base.
          confirmed: state.status === "running" ? null : run.confirmed,
        },
      );
    }

    case "step-spawned": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      return to(withActive(state, { ...active, step: { ...active.step, process: event.process } }));
    }

    case "step-finished": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      const fields = { head: event.head, costUsd: run.costUsd + event.costUsd };
      if (active.status === "reviewing") {
        const questions = withdrawOpen(
          run.questions,
          "the part of the council that asked it ended",
          event.at,
        );
        return to({ ...active, step: null, ended: event.step }, { ...fields, questions });
      }
      // Whatever was validated before, this step may have changed it.
      const checked = { ...fields, validation: null };
      const open = openQuestions(run).map(({ id }) => id);
      // Its asker is gone, but not what it needs to know: the work goes on with the answer.
      if (open.length > 0) {
        return to({ status: "waiting", open, then: running({ kind: "continue", note: "" }) }, checked);
      }
      if (run.notes.length > 0) {
        return to(running({ kind: "continue", note: run.notes.join("\n\n") }), { ...checked, notes: [] });
      }
      return to({ status: "checking", work: active.work }, checked);
    }

    case "step-asked": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      return to(
        {
          status: "waiting",
          open: [...openQuestions(run).map(({ id }) => id), event.question.id],
          then: { ...active, step: null },
        },
        {
          costUsd: run.costUsd + event.costUsd,
          questions: [...run.questions, { ...event.question, status: "open" }],
        },
      );
    }

    case "step-failed": {
      const active = activeOf(state);
      if (active?.step?.number !== event.step) return refuse("that step is not open");
      return to(
        { status: "failed", failure: event.failure, then: { ...active, step: null } },
        {
          agentSession: event.agentSessionLost ? null : run.agentSession,
          costUsd: run.costUsd + event.costUsd,
          endedAt: event.at,
          ...untold(run, active.step, run.questions),
        },
      );
    }

    case "asked": {
      const active = activeOf(state);
      if (!active) return refuse("no step is open");
      const open = state.status === "waiting" ? [...state.open, event.question.id] : [event.question.id];
      return to(
        { status: "waiting", open, then: active },
        {
          questions: [...run.questions, { ...event.question, status: "open" }],
        },
      );
    }

    case "answered": {
      const question = run.questions.find((each) => each.id === event.question);
      if (!question) return refuse("there is no such question");
      const outcome = answer(question, event.answer);
      if ("problem" in outcome) return refuse(describeAnswerProblem(outcome.problem));
      const polls = question.toolUseId === null;
      const isHeard = polls && activeOf(state)?.step != null;
      const kept: Question =
        isHeard && outcome.question.status === "answered"
          ? { ...outcome.question, deliveredAt: event.at }
          : outcome.question;
      const questions = run.questions.map((each) => (each.id === question.id ? kept : each));
      if (state.status !== "waiting") {
        // Ended meanwhile: kept, and delivered when the session is resumed.
        const then =
          "then" in state && state.then
            ? { ...state.then, deliver: polls ? state.then.deliver : question.id }
            : null;
        return to(then && "then" in state ? { ...state, then } : state, { ...inbox, questions });
      }
      const open = state.open.filter((id) => id !== question.id);
      const goesOn = limitedAnew(state.then, event.at, run.costUsd);
      const then = polls ? goesOn : { ...goesOn, deliver: question.id };
      return to(open.length > 0 ? { ...state, open, then } : then, { ...inbox, questions });
    }

    case "withdrawn": {
      const questions = run.questions.map((each) =>
        each.id === event.question ? withdraw(each, event.reason, event.at) : each,
      );
      if (state.status !== "waiting") return to(state, { questions });
      const open = state.open.filter((id) => id !== event.question);
      return to(open.length > 0 ? { ...state, open } : state.then, { questions });
    }

    case "left-uncommitted":
      if (state.status !== "checking") return refuse("nothing is being checked");
      if (run.tidied) return refuse("it was reminded already");
      return to(running({ kind: "tidy" }), { tidied: true });

    case "validated":
      // A fix by the tech lead is validated before the verdict, which is where a red one counts.
      if (state.status === "reviewing" && isConclusive(state, limits))
        return to(state, { validation: event.validation });
      if (state.status !== "checking") return refuse("nothing is being checked");
      if (event.validation.passed)
        return to(state, { validation: event.validation, head: event.validation.head });
      if (run.repairs < limits.repairs) {
        const attempt = run.repairs + 1;
        return to(running({ kind: "repair", attempt }), { validation: event.validation, repairs: attempt });
      }
      return to(
        {
          status: "failed",
          failure: { reason: "validation-red", detail: redOf(event.validation) },
          then: running({ kind: "continue", note: "" }),
        },
        { validation: event.validation, endedAt: event.at },
      );

    case "completed":
      if (state.status !== "checking") return refuse("nothing is being checked");
      return to({ status: "completed", head: event.head }, { head: event.head, summary: event.summary });

    case "council-opened":
      if (state.status !== "completed") return refuse("only completed work is reviewed");
      return to(opening(run, event.base, event.head, event.at), { base: event.base });

    case "part-held": {
      if (state.status !== "reviewing" || state.ended === null) return refuse("no part has just ended");
      if (event.held.part !== state.part) return refuse(`the ${state.part} is being held`);
      const held = [...state.held, event.held];
      const conclusion = conclude(held, councilRules(state, limits));
      const next: Active =
        conclusion.kind === "next"
          ? { ...state, held, ended: null, part: conclusion.part, again: false, flaw: null }
          : { ...state, held, ended: null, head: event.held.headAfter };
      return to(next, { head: event.held.headAfter });
    }

    case "part-failed": {
      if (state.status !== "reviewing" || state.ended === null) return refuse("no part has just ended");
      const { part, reason, reports, attended } = event;
      const uncounted = [...state.uncounted, { part, reason, reports, attended }];
      return state.again
        ? to({ ...state, ended: null, uncounted, over: reason, head: run.head ?? state.head })
        : to({ ...state, ended: null, uncounted, again: true, flaw: reason });
    }

    case "council-overran":
      if (state.status !== "reviewing") return refuse("no council is at work");
      return to(
        { ...state, step: null, ended: null, deliver: null, over: event.reason, head: event.head },
        { costUsd: run.costUsd + event.costUsd, head: event.head },
      );

    case "review-concluded": {
      if (state.status !== "reviewing" || state.step || !isConclusive(state, limits)) {
        return refuse("no review has come to its end");
      }
      const { review } = event;
      if (review.verdict === "approved" && !isApprovedBy(state, review, limits)) {
        return refuse("that is not what the council came to");
      }
      const fields = {
        reviews: [...run.reviews, review],
        comments: [],
        confirmed: null,
        head: review.head,
        endedAt: event.at,
      };
      // Somebody spoke while the council sat: that comes first, and is reviewed again.
      if (review.verdict === "approved" && run.notes.length > 0) {
        return to(running({ kind: "rework", note: run.notes.join("\n\n") }), {
          ...fields,
          endedAt: null,
          notes: [],
          round: run.round + 1,
          repairs: 0,
          tidied: false,
        });
      }
      if (review.verdict === "approved") return to({ status: "approved", review }, fields);
      if (review.verdict === "rejected") return to({ status: "rejected", review }, fields);
      return to(
        {
          status: "failed",
          failure: { reason: "no-verdict", detail: review.reason ?? "" },
          // Whatever moved the branch has to pass the validation before it is reviewed.
          then:
            run.validation?.passed && run.validation.head === review.head
              ? opening({ ...run, ...fields }, review.base, review.head, event.at)
              : running({ kind: "continue", note: "" }),
        },
        fields,
      );
    }

    case "rework-started":
      if (!isResumable(state) && state.status !== "approved") return refuse("it is not at rest");
      if (!run.worktree) return refuse("there is no worktree yet");
      return to(running({ kind: "rework", note: event.note }), {
        ...inbox,
        round: event.round,
        comments: [...run.comments, ...event.comments],
        confirmed: null,
        repairs: 0,
        tidied: false,
        endedAt: null,
        questions: withdrawOpen(run.questions, "the work began anew", event.at),
      });

    case "base-merged":
      if (!isResumable(state) && state.status !== "approved") return refuse("it is not at rest");
      if (!run.worktree) return refuse("there is no worktree yet");
      return to(
        event.conflicts.length > 0
          ? running({ kind: "merge-base", base: event.base, conflicts: event.conflicts })
          : { status: "checking", work: { kind: "merge-base", base: event.base, conflicts: [] } },
        {
          ...inbox,
          base: event.base,
          head: event.head,
          confirmed:
            state.status === "approved" && event.conflicts.length === 0
              ? { base: state.review.base, head: state.review.head }
              : null,
          validation: null,
          repairs: 0,
          tidied: false,
          endedAt: null,
          questions: withdrawOpen(run.questions, "the base moved", event.at),
        },
      );

    case "resumed": {
      if (!isResumable(state)) return refuse("it is not at rest");
      const then = "then" in state ? state.then : null;
      const fields = {
        ...inbox,
        endedAt: null,
        repairs: 0,
        tidied: false,
        ...(event.fresh ? { agentSession: null } : {}),
      };
      if (!run.worktree) return to({ status: "preparing" }, fields);
      if (!then) return to(running({ kind: "continue", note: event.note }), fields);
      const stillOpen = run.questions.filter((each) => each.status === "open").map((each) => each.id);
      if (stillOpen.length > 0 && !event.fresh)
        return to({ status: "waiting", open: stillOpen, then }, fields);
      if (then.status === "reviewing") return to(limitedAnew(then, event.at, run.costUsd), fields);
      const begun = run.steps > 0;
      const work: Work = begun && !then.deliver ? { kind: "continue", note: event.note } : then.work;
      return to({ ...then, work, deliver: event.fresh ? null : then.deliver }, fields);
    }

    case "failed":
    case "interrupted":
    case "stopped": {
      const stoppable = isResumable(state) || state.status === "approved";
      if (!isAlive(state) && !(event.kind === "stopped" && stoppable)) return refuse("it has ended");
      const active = activeOf(state);
      const then = active ? { ...active, step: null } : "then" in state ? state.then : null;
      const ended: RunState =
        event.kind === "failed"
          ? { status: "failed", failure: event.failure, then }
          : event.kind === "interrupted"
            ? { status: "interrupted", why: event.why, then }
            : { status: "stopped", by: event.by, discard: event.discard, then };
      const questions =
        event.kind === "stopped"
          ? withdrawOpen(run.questions, `stopped by ${event.by}`, event.at)
          : run.questions;
      return to(ended, { ...inbox, endedAt: event.at, ...untold(run, active?.step ?? null, questions) });
    }

    case "noted":
      return to(state, { ...inbox, notes: [...run.notes, event.text] });

    case "handled":
      return to(state, inbox);

    case "warned":
    case "forgery-found":
      return to(state);
  }
}

/** Folds a whole history; an event that cannot have happened is reported and left out. */
export function replay(events: Iterable<RunEvent>, limits: Limits): { run: Run; refused: string[] } {
  let run = newRun;
  const refused: string[] = [];
  for (const event of events) {
    const outcome = transition(run, event, limits);
    if ("run" in outcome) run = outcome.run;
    else refused.push(outcome.rejected);
  }
  return { run, refused };
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

function withActive(state: RunState, active: Active): RunState {
  return state.status === "waiting" ? { ...state, then: active } : active;
}

function running(work: Work): Active {
  return { status: "running", work, step: null, deliver: null };
}

/** A council begins with its examination, or where only the base moved with a look at what that changed. */
function opening(run: Run, base: ObjectId, head: ObjectId, at: string): Reviewing {
  return {
    status: "reviewing",
    part: run.confirmed ? "recheck" : "examination",
    again: false,
    flaw: null,
    ended: null,
    held: [],
    uncounted: [],
    over: null,
    carried: carriedOf(run.reviews, run.comments),
    base,
    head,
    startedAt: at,
    costBeforeUsd: run.costUsd,
    limitsFrom: { at, costUsd: run.costUsd },
    step: null,
    deliver: null,
  };
}

/** A person who lets a council go on gives it its time and its money once more. */
function limitedAnew(state: Active, at: string, costUsd: number): Active {
  return state.status === "reviewing" ? { ...state, limitsFrom: { at, costUsd } } : state;
}

/** A step is told every answer that is still to be handed over: by its call, or in its prompt. */
function delivered(questions: readonly Question[], at: string): Question[] {
  return questions.map((each) => (isUndelivered(each) ? { ...each, deliveredAt: at } : each));
}

function isUndelivered(question: Question): question is Extract<Question, { status: "answered" }> {
  return question.status === "answered" && question.deliveredAt === null;
}

/**
 * A step that was cut off may have heard what it was told, or not; the call that waited for an answer may be
 * over. So the next step gets it in its prompt: to hear it twice does no harm.
 */
function untold(run: Run, step: LiveStep | null, questions: readonly Question[]): Partial<Run> {
  if (!step) return { questions };
  const { answers, notes } = step.tells;
  return {
    notes: [...notes, ...run.notes],
    questions: questions.map((each) =>
      each.status === "answered" && answers.includes(each.id) ? { ...each, deliveredAt: null } : each,
    ),
  };
}

function withdrawOpen(questions: readonly Question[], reason: string, at: string): Question[] {
  return questions.map((each) => withdraw(each, reason, at));
}

function redOf(validation: Validation): string {
  const red = validation.commands.filter((command) => command.exit !== 0);
  return red
    .map(
      (command) =>
        `${command.name} ended with ${command.exit === null ? "no exit code" : String(command.exit)}`,
    )
    .join("; ");
}
