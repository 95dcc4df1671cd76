import type { Option, Prompt } from "#lib/domain/question.ts";

/**
 * Reads what an `ask` asks. `first` and every line after `? ` is a question, `Header | Text` or the text
 * alone; `- label: description` is an option, `* ` one of which several may be chosen, `> ` says why.
 */
export function readPrompts(
  first: string,
  body: string,
): { prompts: readonly Prompt[]; context: string } | { problem: string } {
  const prompts = [promptOf(first)];
  const context: string[] = [];
  for (const line of body.split("\n").filter((each) => each.trim() !== "")) {
    const text = line.slice(2).trim();
    const last = prompts[prompts.length - 1];
    switch (line.slice(0, 2)) {
      case "? ":
        prompts.push(promptOf(text));
        break;
      case "> ":
        context.push(text);
        break;
      case "- ":
      case "* ":
        last?.options.push(optionOf(text));
        if (last && line.startsWith("*")) last.multiple = true;
        break;
      default:
        return {
          problem: `"${line.slice(0, 80)}" is neither an option (-, *), a question (?) nor a reason (>)`,
        };
    }
  }
  return { prompts, context: context.join("\n") };
}

function promptOf(line: string) {
  const [header, ...rest] = line.split(" | ");
  const text = rest.length > 0 ? rest.join(" | ") : line;
  return {
    text,
    header: rest.length > 0 ? (header ?? "") : "Question",
    options: [] as Option[],
    multiple: false,
  };
}

function optionOf(text: string): Option {
  const [label, ...rest] = text.split(": ");
  return { label: label ?? text, description: rest.join(": ") };
}
