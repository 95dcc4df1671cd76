import type { Spec } from "#lib/contract/files.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { Validation } from "#lib/domain/run-state.ts";

const headingLimit = 72;

/** `summary.md`, and its heading: one line without control characters, at most 72 long. */
export function summaryFor(work: {
  readonly spec: Spec;
  readonly base: ObjectId;
  /** The agent's last message; empty where there is none. */
  readonly message: string;
  readonly commits: readonly { readonly subject: string }[];
  readonly validation: Validation;
}): { heading: string; text: string } {
  const { spec, base, message, commits, validation } = work;
  const [first = "", ...rest] = message.trim().split("\n");
  const said = headingOf(first);
  const heading = said ?? headingOf(spec.item.title.slice(0, headingLimit)) ?? spec.item.id;
  const body = (said === null ? message : rest.join("\n")).trim();
  const text = [
    `# ${heading}`,
    `${spec.item.id}: ${spec.item.title}`,
    body,
    `## Commits\n${commits.map(({ subject }) => `- ${subject}`).join("\n")}\n\n\`${base.slice(0, 12)}..${validation.head.slice(0, 12)}\``,
    `## Validation\n${validationText(validation)}`,
  ];
  return { heading, text: `${text.filter((part) => part !== "").join("\n\n")}\n` };
}

function headingOf(line: string): string | null {
  const text = line
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ")
    .replace(/^[\s#>*_-]+|[\s*_]+$/g, "")
    .replace(/\s+/g, " ");
  return text === "" || text.length > headingLimit ? null : text;
}

function validationText({ commands }: Validation): string {
  if (commands.length === 0) return "not validated";
  return commands
    .map(
      ({ name, command, exit, durationMs }) =>
        `- ${name} (\`${command}\`): ${exit === 0 ? "passed" : "failed"} after ${(durationMs / 1000).toFixed(1)} s`,
    )
    .join("\n");
}
