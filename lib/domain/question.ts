import type { QuestionId } from "./ids.ts";

export interface Option {
  readonly label: string;
  readonly description: string;
}

/** One thing asked; a question card may hold several of them. Free text is always allowed. */
export interface Prompt {
  readonly text: string;
  /** A few words for tabs and lists. */
  readonly header: string;
  readonly options: readonly Option[];
  /** Several options may be chosen. */
  readonly multiple: boolean;
}

/** What the person chose for one prompt: labels of options, free text, or both. */
export interface Choice {
  readonly labels: readonly string[];
  readonly text: string;
}

/** Who asked, and what they were doing. */
export interface Asker {
  readonly role: string;
  readonly phase: string;
  readonly step: number;
}

/** What was going on in the session when it asked. */
export interface Scene {
  /** The last thing that the agent said before. */
  readonly said: string;
  /** The tool that it was in, or null. */
  readonly tool: string | null;
  /** What the branch changes by then, in commits: paths (the first ones) and sums. */
  readonly files: readonly string[];
  readonly changes: { readonly files: number; readonly added: number; readonly removed: number };
  /** Paths with changes that were not committed yet. */
  readonly uncommitted: readonly string[];
}

export interface Asked {
  readonly id: QuestionId;
  readonly prompts: readonly Prompt[];
  readonly asker: Asker;
  /** Free Markdown that the agent gave along: why it asks. */
  readonly context: string;
  /** Left out where nothing is known of it. */
  readonly scene?: Scene | undefined;
  readonly askedAt: string;
  /**
   * The agent's own id of the call that waits, which the answer is handed to;
   * null for a question from a file, whose asker polls `answers.json`.
   */
  readonly toolUseId: string | null;
}

export interface Answered {
  readonly choices: readonly Choice[];
  readonly by: string;
  readonly at: string;
  /** The number of the standing answer that gave it; left out where a person did. */
  readonly rule?: number | undefined;
}

/** A question ends by an answer or a withdrawal, and by nothing else: no timeout, no dismissal. */
export type Question = Asked &
  (
    | { readonly status: "open" }
    | { readonly status: "answered"; readonly answer: Answered; readonly deliveredAt: string | null }
    | { readonly status: "withdrawn"; readonly reason: string; readonly at: string }
  );

export type AnswerProblem =
  | { readonly kind: "already-answered"; readonly by: string; readonly at: string; readonly said: string }
  | { readonly kind: "withdrawn"; readonly reason: string }
  | { readonly kind: "wrong-count"; readonly expected: number; readonly got: number }
  | { readonly kind: "empty"; readonly prompt: number }
  | { readonly kind: "one-choice-only"; readonly prompt: number }
  | { readonly kind: "unknown-option"; readonly prompt: number; readonly label: string };

/** The first answer wins; a later or an unfitting one is told what is wrong. */
export function answer(
  question: Question,
  given: Answered,
): { question: Question } | { problem: AnswerProblem } {
  if (question.status === "answered") {
    const { by, at, choices } = question.answer;
    return { problem: { kind: "already-answered", by, at, said: choices.map(choiceAsText).join("; ") } };
  }
  if (question.status === "withdrawn") return { problem: { kind: "withdrawn", reason: question.reason } };
  const problem = misfit(question.prompts, given.choices);
  if (problem) return { problem };
  return { question: { ...question, status: "answered", answer: given, deliveredAt: null } };
}

/** Its session has ended: nobody waits for the answer any more. What was answered stays so. */
export function withdraw(question: Question, reason: string, at: string): Question {
  return question.status === "open" ? { ...question, status: "withdrawn", reason, at } : question;
}

function misfit(prompts: readonly Prompt[], choices: readonly Choice[]): AnswerProblem | null {
  if (choices.length !== prompts.length) {
    return { kind: "wrong-count", expected: prompts.length, got: choices.length };
  }
  for (const [index, prompt] of prompts.entries()) {
    const choice = choices[index];
    if (!choice || (choice.labels.length === 0 && choice.text.trim() === ""))
      return { kind: "empty", prompt: index };
    if (!prompt.multiple && choice.labels.length > 1) return { kind: "one-choice-only", prompt: index };
    const known = new Set(prompt.options.map((option) => option.label));
    const unknown = choice.labels.find((label) => !known.has(label));
    if (unknown !== undefined) return { kind: "unknown-option", prompt: index, label: unknown };
  }
  return null;
}

/**
 * One typed line, as the command line gives it: an option by its label or its number, several of them with commas between
 * where several may be chosen, and anything else is free text.
 */
export function choiceFromText(prompt: Prompt, text: string): Choice {
  const wanted = text.trim();
  const named = (word: string) => optionNamed(prompt.options, word.trim())?.label;
  const one = named(wanted);
  if (one !== undefined) return { labels: [one], text: "" };
  const several = prompt.multiple ? wanted.split(",").map(named) : [];
  const labels = several.filter((label) => label !== undefined);
  return several.length > 0 && labels.length === several.length
    ? { labels: [...new Set(labels)], text: "" }
    : { labels: [], text: wanted };
}

function optionNamed(options: readonly Option[], word: string): Option | undefined {
  return (
    options.find(({ label }) => label === word) ??
    options.find(({ label }) => label.toLowerCase() === word.toLowerCase()) ??
    (/^[1-9][0-9]?$/.test(word) ? options[Number(word) - 1] : undefined)
  );
}

/** What the agent reads as the answer to one prompt. */
export function choiceAsText(choice: Choice): string {
  return [...choice.labels, choice.text.trim()].filter((part) => part !== "").join(", ");
}

export function describeAnswerProblem(problem: AnswerProblem): string {
  switch (problem.kind) {
    case "already-answered":
      return `${problem.by} answered it at ${problem.at}: ${JSON.stringify(shortened(problem.said))}; that answer stands.`;
    case "withdrawn":
      return `It was withdrawn: ${problem.reason}`;
    case "wrong-count":
      return `It asks ${String(problem.expected)} things and got ${String(problem.got)} answers.`;
    case "empty":
      return `Part ${String(problem.prompt + 1)} has no answer.`;
    case "one-choice-only":
      return `Part ${String(problem.prompt + 1)} takes one choice.`;
    case "unknown-option":
      return `Part ${String(problem.prompt + 1)} has no option ${JSON.stringify(problem.label)}.`;
  }
}

/** Enough to know an answer by. */
function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
