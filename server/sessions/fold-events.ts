import type { EventLine } from "#lib/contract/files.ts";
import type { FactName } from "#lib/contract/wire.ts";
import type { Question } from "#lib/domain/question.ts";
import type { Limits, Run } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { statusOf } from "#lib/domain/run-state.ts";
import { transition } from "#lib/domain/run.ts";
import { isOpen, type SessionEvent } from "#lib/domain/session.ts";
import { describeEvent } from "./describe-event.ts";
import type { SessionRow } from "./ports.ts";
import { moved, withRetry, withRun } from "./session-row.ts";

/** What the runner's new events come to; nothing is written yet. */
export interface Folded {
  readonly row: SessionRow;
  readonly run: Run;
  /** Questions as they are to be kept, where they changed. */
  readonly questions: readonly Question[];
  /** What there is to tell, in order. */
  readonly news: readonly { readonly name: FactName; readonly text: string; readonly actor: string }[];
  readonly discarded: boolean;
  readonly headMoved: boolean;
}

/** Folds events into the session's row. `known` are its questions as they are kept. */
export function foldEvents(
  before: { row: SessionRow; run: Run; known: readonly Question[] },
  lines: readonly EventLine[],
  limits: Limits,
): Folded {
  let { row, run } = before;
  const questions = new Map(before.known.map((question) => [question.id, question]));
  const changed = new Set<Question["id"]>();
  const news: { name: FactName; text: string; actor: string }[] = [];
  let discarded = false;
  for (const { event } of lines) {
    const outcome = transition(run, event, limits);
    if ("rejected" in outcome) {
      news.push(warning(`${row.id}: ${event.kind} was not believed: ${outcome.rejected}.`));
      continue;
    }
    const previous = run;
    ({ run } = outcome);
    const step = statusOf(run.state) === statusOf(previous.state) ? null : sessionEvent(run);
    if (step && !holdsItsFailure(row, step)) {
      const next = moved(row, step, event.at);
      if (next) row = next;
    }
    row = withRetry(row, event);
    if (event.kind === "stopped" && event.discard) discarded = true;
    for (const question of run.questions) {
      const kept = questions.get(question.id);
      const merged = kept ? mergeQuestion(kept, question) : question;
      if (kept && JSON.stringify(kept) === JSON.stringify(merged)) continue;
      questions.set(question.id, merged);
      changed.add(question.id);
    }
    const told = tell(event, row);
    if (told) news.push(told);
  }
  const open = [...questions.values()].filter(({ status }) => status === "open").length;
  const lastSeq = lines.at(-1)?.seq ?? row.seq;
  if (discarded) row = { ...row, open: row.open && isOpen(row.state.status) };
  return {
    row: { ...withRun(row, run, open), seq: lastSeq },
    run,
    questions: [...changed].flatMap((id) => questions.get(id) ?? []),
    news,
    discarded,
    headMoved: run.head !== before.run.head || run.base !== before.run.base,
  };
}

/** The state that the session takes from its run, where the run has only just come to it. */
function sessionEvent(run: Run): SessionEvent {
  const { state } = run;
  if (state.status === "failed") return { kind: "run-failed", failure: state.failure };
  if (state.status === "approved") {
    return { kind: "run-approved", base: state.review.base, head: state.review.head };
  }
  return { kind: "run-moved", status: state.status === "checking" ? "running" : state.status };
}

/** A session whose landing gave it back: what its run came to meanwhile counts. */
export function returnedToRun(row: SessionRow, run: Run, at: string): SessionRow {
  // A person's approval stands against what the council came to, not against work that went on.
  const { overruled } = row.view;
  if (overruled !== null && run.head === overruled.head && hasCouncilsWord(run)) return row;
  return moved(row, sessionEvent(run), at) ?? row;
}

function hasCouncilsWord({ state }: Run): boolean {
  if (state.status === "failed") return state.failure.reason === "no-verdict";
  return state.status === "rejected" || state.status === "approved";
}

/** A lost claim stays the reason, although its runner is stopped because of it. */
function holdsItsFailure({ state }: SessionRow, event: SessionEvent): boolean {
  if (state.status !== "failed" || state.failure.reason !== "claim-lost") return false;
  return event.kind !== "run-moved" || event.status !== "running";
}

/** What a person answered stands, and what was withdrawn stays so, whatever the run comes to say later. */
function mergeQuestion(kept: Question, told: Question): Question {
  if (kept.status === "withdrawn") return kept;
  if (kept.status !== "answered") return told;
  const deliveredAt = told.status === "answered" ? told.deliveredAt : kept.deliveredAt;
  return { ...kept, deliveredAt };
}

function retryText({ view: { retry } }: SessionRow): string {
  if (!retry) return "";
  const which = `attempt ${retry.attempt} of ${retry.of}`;
  return retry.at === null ? " It waits for a person." : ` It goes on by itself at ${retry.at} (${which}).`;
}

function warning(text: string) {
  return { name: "warning:raised", text, actor: "server" } as const;
}

function tell(event: RunEvent, row: SessionRow): { name: FactName; text: string; actor: string } | null {
  const text = `${row.item}: ${describeEvent(event)}`;
  const actor = "by" in event ? event.by : event.kind === "answered" ? event.answer.by : row.id;
  switch (event.kind) {
    case "prepared":
      return { name: "session:started", text, actor };
    case "step-asked":
    case "asked":
      return { name: "question:asked", text, actor };
    case "withdrawn":
      return { name: "question:withdrawn", text, actor };
    case "council-opened":
      return { name: "review:started", text, actor };
    case "review-concluded":
      return { name: "review:concluded", text, actor };
    case "step-failed":
    case "failed":
      return { name: "session:failed", text: `${text}${retryText(row)}`, actor };
    case "stopped":
      return { name: "session:stopped", text, actor };
    case "warned":
    case "forgery-found":
      return { name: "warning:raised", text, actor };
    case "interrupted":
    case "completed":
    case "resumed":
    case "rework-started":
    case "base-merged":
    case "step-started":
    case "validated":
    case "part-held":
    case "part-failed":
      return { name: "session:moved", text, actor };
    // An answer was a fact when it was given; the rest shows in the views.
    default:
      return null;
  }
}
