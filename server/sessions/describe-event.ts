import type { Purpose } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";
import { failures } from "#lib/domain/failure.ts";

/** One event of a run in plain words, for the timeline and the feed. */
export function describeEvent(event: RunEvent): string {
  switch (event.kind) {
    case "prepared":
      return "The worktree is ready.";
    case "step-started":
      return `Step ${event.step}: ${describePurpose(event.purpose)}.`;
    case "step-spawned":
      return `The agent runs as process ${event.process.pid}.`;
    case "step-finished":
      return `Step ${event.step} ended.`;
    case "step-asked":
    case "asked":
      return `${event.question.asker.role} asks (${event.question.id}): ${event.question.prompts[0]?.text ?? ""}`;
    case "step-failed":
      return `Step ${event.step} failed: ${failures[event.failure.reason].text}`;
    case "answered":
      return `${event.answer.by} answered ${event.question}.`;
    case "withdrawn":
      return `${event.question} was withdrawn: ${event.reason}.`;
    case "left-uncommitted":
      return `Left uncommitted: ${event.files.join(", ")}.`;
    case "validated":
      return event.validation.commands.length === 0
        ? "Not validated: no command is configured or found."
        : `Validation ${event.validation.passed ? "passed" : "is red"}.`;
    case "completed":
      return `The work is completed: ${event.summary}`;
    case "council-opened":
      return "The review council has begun.";
    case "part-held":
      return `The council held its ${event.held.part}.`;
    case "part-failed":
      return `The council's ${event.part} did not count: ${event.reason}`;
    case "review-concluded":
      return `Review ${event.review.verdict === "no-verdict" ? "without a verdict" : event.review.verdict}${
        event.review.by ? ` by ${event.review.by}` : ""
      }${event.review.reason ? `: ${event.review.reason}` : "."}`;
    case "rework-started":
      return `Round ${event.round} of rework, by ${event.by}${event.note ? `: ${event.note}` : "."}${
        event.comments.length > 0 ? ` With ${String(event.comments.length)} comments.` : ""
      }`;
    case "base-merged":
      return event.conflicts.length > 0
        ? `The base was merged in and conflicts in ${event.conflicts.join(", ")}.`
        : "The base was merged in.";
    case "resumed":
      return `${event.by} resumed it${event.fresh ? " with a new conversation" : ""}.`;
    case "failed":
      return `${failures[event.failure.reason].text} ${event.failure.detail}`.trim();
    case "stopped":
      return `${event.by} stopped it${event.discard ? " and gave the work up" : ""}.`;
    case "interrupted":
      return `It was cut off: ${event.why}.`;
    case "noted":
      return `${event.by} says: ${event.text}`;
    case "handled":
      return event.outcome;
    case "warned":
      return event.text;
    case "council-overran":
      return `The council ends without a verdict. ${event.reason}`;
    case "forgery-found":
      return `${event.file} was written by somebody else. It counts for nothing and was set aside as ${event.kept}.`;
  }
}

export function describePurpose(purpose: Purpose): string {
  if (purpose.phase === "review") return `the council's ${purpose.part}${purpose.again ? ", again" : ""}`;
  const { work } = purpose;
  switch (work.kind) {
    case "implement":
      return "implementation";
    case "repair":
      return `repair of the red validation, attempt ${work.attempt}`;
    case "tidy":
      return "committing what was left";
    case "rework":
      return "rework";
    case "merge-base":
      return "merging the base in";
    case "continue":
      return "going on";
  }
}
