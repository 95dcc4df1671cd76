import type { AgentEvent, Speaker } from "#lib/domain/agent-events.ts";
import { placeOf } from "#lib/domain/comment.ts";
import { choiceAsText, type Asked } from "#lib/domain/question.ts";
import type { Purpose } from "#lib/domain/run-state.ts";
import type { RunEvent } from "#lib/domain/run-event.ts";

const resultLines = 6;
const textLimit = 20_000;
const inputLimit = 300;

/** What people read of one event of the agent. Every line is indented, so that no agent can write a line that looks like ours. */
export function renderAgentEvent(event: AgentEvent): string {
  switch (event.kind) {
    case "text":
      return indent(cut(event.text, textLimit), event.by);
    case "tool":
      return indent(`▸ ${event.name} ${cut(oneLine(inputOf(event.input)), inputLimit)}`, event.by);
    case "tool-result":
      return indent(`${event.failed ? "✗" : "·"} ${firstLines(event.text)}`, event.by);
    case "retry":
      return indent(
        `… retry ${event.attempt} of ${event.of} in ${Math.round(event.delayMs / 1000)} s: ${event.error}`,
      );
    case "limited":
      return indent(`… the account's limit is reached until ${event.until}`);
    case "denied":
      return indent(`✗ ${event.tool} denied: ${event.reason}`);
    case "notice":
      return indent(event.text);
    case "unknown":
      return event.line.trim() === "" ? "" : indent(cut(event.line, inputLimit));
    case "started":
      return indent(`${event.model}, version ${event.version}`);
    case "thinking":
    case "heartbeat":
    case "background":
    case "ended":
      return "";
  }
}

/** What people read of one event of the run. */
export function renderRunEvent(event: RunEvent): string {
  const line = (text: string) => `[${event.at.slice(11, 19)}] ${plain(text)}\n`;
  switch (event.kind) {
    case "prepared":
      return line(`worktree ready: ${event.worktree} at ${event.base.slice(0, 12)}`);
    case "step-started":
      return line(`step ${event.step}: ${describePurpose(event.purpose)}`);
    case "step-finished":
      return line(`step ${event.step} ended`);
    case "step-failed":
      return line(`step ${event.step} failed (${event.failure.reason}): ${event.failure.detail}`);
    case "step-asked":
    case "asked":
      return line(`question ${event.question.id}`) + indent(describeQuestion(event.question));
    case "answered":
      return (
        line(`${event.question} answered by ${event.answer.by}`) +
        indent(event.answer.choices.map(choiceAsText).join("\n"))
      );
    case "withdrawn":
      return line(`${event.question} withdrawn: ${event.reason}`);
    case "left-uncommitted":
      return line(`left uncommitted: ${event.files.join(", ")}`);
    case "validated": {
      const { commands, passed } = event.validation;
      if (commands.length === 0)
        return line("not validated: no command is configured, and no script was found");
      const each = commands.map(
        ({ name, exit, durationMs }) =>
          `${name} ${exit === 0 ? "passed" : `ended with ${exit ?? "a signal or its time limit"}`} after ${(durationMs / 1000).toFixed(1)} s`,
      );
      return line(`validation ${passed ? "green" : "red"}: ${each.join("; ")}`);
    }
    case "completed":
      return line(`completed: ${event.summary}`);
    case "council-opened":
      return line(`review of ${event.base.slice(0, 12)}..${event.head.slice(0, 12)}`);
    case "part-held":
      return event.held.reports
        .map(({ role, verdict, summary }) => line(`${role}: ${verdict}`) + indent(summary))
        .join("");
    case "part-failed":
      return line(`the ${event.part} does not count: ${event.reason}`);
    case "review-concluded": {
      const { verdict, by, reason } = event.review;
      const why = line(`review concluded: ${verdict}${by ? ` by ${by}` : ""}${reason ? ` (${reason})` : ""}`);
      return verdict === "no-verdict" ? why : `${why}REVIEW_VERDICT: ${verdict.toUpperCase()}\n`;
    }
    case "rework-started":
      return line(`rework, round ${event.round}, sent by ${event.by}`) + indent(noteOf(event));
    case "base-merged":
      return line(
        event.conflicts.length > 0
          ? `base ${event.base.slice(0, 12)} conflicts in ${event.conflicts.join(", ")}`
          : `base ${event.base.slice(0, 12)} merged`,
      );
    case "resumed":
      return line(`resumed by ${event.by}`) + indent(event.note);
    case "failed":
      return line(`failed (${event.failure.reason}): ${event.failure.detail}`);
    case "stopped":
      return line(`stopped by ${event.by}`);
    case "interrupted":
      return line(`interrupted: ${event.why}`);
    case "noted":
      return line(`${event.by} says`) + indent(event.text);
    case "warned":
      return line(`warning: ${event.text}`);
    case "council-overran":
      return line(`the council ends without a verdict: ${event.reason}`);
    case "forgery-found":
      return line(`warning: ${event.file} was written by somebody else and was set aside as ${event.kept}`);
    case "step-spawned":
    case "handled":
      return "";
  }
}

function noteOf({ note, comments }: Extract<RunEvent, { kind: "rework-started" }>): string {
  return [note, ...comments.map((comment) => `${placeOf(comment)} ${comment.by}: ${comment.text}`)]
    .filter((text) => text !== "")
    .join("\n");
}

/** Output of a setup or a validation as it comes. */
export function renderCommandOutput(text: string): string {
  return plain(text).replace(/^/gm, "  ");
}

export function describePurpose(purpose: Purpose): string {
  if (purpose.phase === "review") return `review, ${purpose.part}${purpose.again ? " once more" : ""}`;
  return `implementation, ${purpose.work.kind}`;
}

function describeQuestion({ prompts, context }: Asked) {
  const each = prompts.map(({ text, options }) =>
    [
      text,
      ...options.map(
        ({ label, description }) => `  - ${label}${description === "" ? "" : `: ${description}`}`,
      ),
    ].join("\n"),
  );
  return [...each, context].filter((part) => part !== "").join("\n");
}

function indent(text: string, by?: Speaker): string {
  if (text === "") return "";
  const lead = by?.subagent ? `  [${plain(by.subagent)}] ` : "  ";
  return plain(text).trimEnd().replace(/^/gm, lead) + "\n";
}

/** A terminal shows it as it stands: no escape sequences, no carriage returns. */
function plain(text: string) {
  return text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

function inputOf(input: unknown): string {
  return typeof input === "string" ? input : JSON.stringify(input ?? null);
}

function oneLine(text: string) {
  return text.replace(/\s+/g, " ").trim();
}

function firstLines(text: string) {
  const lines = text.trimEnd().split("\n");
  const shown = lines.slice(0, resultLines).map((line) => cut(line, inputLimit));
  const more = lines.length - shown.length;
  return more > 0 ? `${shown.join("\n")}\n… ${more} more lines` : shown.join("\n");
}

function cut(text: string, limit: number) {
  return text.length > limit ? `${text.slice(0, limit)} … (${text.length - limit} more characters)` : text;
}
