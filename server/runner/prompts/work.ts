import type { Spec } from "#lib/contract/files.ts";
import { carriedOf } from "#lib/domain/earlier-findings.ts";
import { heardParts } from "#lib/domain/heard-parts.ts";
import { openFindings } from "#lib/domain/open-findings.ts";
import type { Run, Validation, Work } from "#lib/domain/run-state.ts";
import { carriedText, findingsText } from "./findings.ts";

/** What a step of implementation is asked to do. */
export function workPrompt(spec: Spec, run: Run, work: Work): string {
  switch (work.kind) {
    case "implement":
      return run.agentSession === null
        ? "Implement the item above completely, with tests where the repository has tests. Run what validates this repository before you finish."
        : "You were interrupted. See `git status` and `git log`, then finish the item.";
    case "repair":
      return `The validation of your work is red (attempt ${work.attempt} to repair it). Find out why, fix the cause and commit. Do not weaken or skip a check to make it pass.\n\n${redText(run.validation)}`;
    case "tidy":
      return "You left files uncommitted. Look at `git status`: commit what belongs to the work, remove or ignore what does not, so that the worktree is clean. Change nothing else.";
    case "rework":
      return reworkText(run, work.note);
    case "merge-base":
      return `The base branch \`${spec.base.branch}\` has moved on, and merging it (${work.base}) into your branch conflicts in:\n${work.conflicts.map((path) => `- ${path}`).join("\n")}\n\nThe merge is open in your worktree. Resolve it so that both sides' intent holds, run what validates this repository, and conclude the merge with a commit.`;
    case "continue":
      if (work.note.trim() !== "") return `Go on with the item. A person says:\n\n${work.note.trim()}`;
      return run.notes.length > 0
        ? "Go on with the item. See `git status` and `git log`, and the message below."
        : "You were interrupted. See `git status` and `git log`, then go on and finish the item.";
  }
}

function redText(validation: Validation | null): string {
  const red = validation?.commands.filter(({ exit }) => exit !== 0) ?? [];
  return red
    .map(
      ({ name, command, exit, tail }) =>
        `### ${name}\n\`${command}\` ended with ${exit ?? "a signal or its time limit"}. The end of its output:\n\n${fenced(tail.slice(-8000))}`,
    )
    .join("\n\n");
}

function reworkText({ reviews, comments, validation }: Run, note: string): string {
  const review = reviews.at(-1);
  const findings = !review || review.verdict === "approved" ? [] : openFindings(heardParts(review));
  const fresh = new Set(findings.map(({ id }) => `${review?.number ?? 0}/${id}`));
  const older = carriedOf(reviews, comments).filter(({ id }) => !fresh.has(id));
  const parts = ["The work needs changes before it can land. Deal with all of the following and commit."];
  if (note.trim() !== "") parts.push(`### A person says\n${note.trim()}`);
  if (review?.verdict !== "approved" && review?.reason) parts.push(`### The review\n${review.reason}`);
  if (findings.length > 0) parts.push(`### Findings of the review\n${findingsText(findings)}`);
  if (older.length > 0)
    parts.push(`### Comments by people, and what is still open from before\n${carriedText(older)}`);
  if (validation?.passed === false) parts.push(redText(validation));
  return parts.join("\n\n");
}

/** A fence longer than any in the text, so that output cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
