import type { Spec } from "#lib/contract/files.ts";
import type { Run } from "#lib/domain/run-state.ts";
import type { Past } from "../past.ts";

/** A new conversation about work that has begun is told what was done and said; the answers follow apart. */
export function historyText(spec: Spec, run: Run, past: Past): string {
  const { commits, ahead, uncommitted, messages, words } = past;
  const more = ahead > commits.length ? `\n- … and ${String(ahead - commits.length)} older ones` : "";
  const parts = [
    `## What happened before
Work on this has begun in an earlier conversation that you cannot see and that could not go on. Look at \`git log\`, \`git status\` and \`git diff\` first and go on from there.`,
    ahead === 0
      ? "Nothing is committed yet."
      : `### Committed on \`${spec.branch}\`, newest first\n${listed(commits)}${more}`,
    uncommitted.length > 0 ? `### Changed and not committed\n${listed(uncommitted)}` : "",
    run.summary === null ? "" : `The work was summed up as: ${run.summary}`,
    ...messages.map(
      ({ step, text }) => `### What was said at the end of step ${String(step)}\n${quoted(text)}`,
    ),
    words.length === 0
      ? ""
      : `### What people have said\n${words.map(({ by, text }) => `${by}:\n${quoted(text)}`).join("\n\n")}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** Told words cannot pass for a heading of ours. */
function quoted(text: string): string {
  return text.replace(/^/gm, "> ");
}
