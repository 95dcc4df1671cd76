import { answer, type Answered, type Choice, type Prompt, type Question } from "./question.ts";

/** Which questions a standing answer is for. Words are compared without regard to blanks and line ends. */
export interface AnswerRule {
  /** The texts of all parts, in their order. */
  readonly texts: readonly string[];
  /** The options of each part, where they have to be these too; null where they may differ. */
  readonly options: readonly (readonly string[])[] | null;
  /** Only questions of this agent type; null for every one. */
  readonly agentType: string | null;
}

/** An answer that a person gave for all questions like one, until it is revoked. */
export interface StandingAnswer {
  readonly id: number;
  readonly rule: AnswerRule;
  readonly choices: readonly Choice[];
  readonly by: string;
}

/** The narrowest rule for questions like this one. */
export function ruleOf(prompts: readonly Prompt[], agentType: string | null): AnswerRule {
  return {
    texts: prompts.map(({ text }) => normal(text)),
    options: prompts.map(({ options }) => options.map(({ label }) => label)),
    agentType,
  };
}

export function matches(
  rule: AnswerRule,
  asked: { readonly prompts: readonly Prompt[]; readonly agentType: string },
): boolean {
  const { prompts, agentType } = asked;
  if (rule.agentType !== null && rule.agentType !== agentType) return false;
  if (rule.texts.length !== prompts.length) return false;
  return prompts.every((prompt, index) => {
    if (normal(rule.texts[index] ?? "") !== normal(prompt.text)) return false;
    const wanted = rule.options?.[index];
    return (
      wanted === undefined ||
      sameSet(
        wanted,
        prompt.options.map(({ label }) => label),
      )
    );
  });
}

/**
 * The standing answer for an open question; null where none is for it, where its choices do not fit, or where
 * two of them would say different things: then a person is asked.
 */
export function standingAnswerFor(
  question: Question,
  agentType: string,
  all: readonly StandingAnswer[],
  at: string,
): { readonly rule: StandingAnswer; readonly answered: Answered } | null {
  const fitting = all
    .filter(({ rule }) => matches(rule, { prompts: question.prompts, agentType }))
    .sort((a, b) => a.id - b.id);
  const [first] = fitting;
  if (!first || fitting.some(({ choices }) => wordsOf(choices) !== wordsOf(first.choices))) return null;
  const answered: Answered = {
    choices: first.choices,
    by: `standing answer #${String(first.id)} of ${first.by}`.slice(0, 200),
    at,
    rule: first.id,
  };
  return "question" in answer(question, answered) ? { rule: first, answered } : null;
}

/** Two rules for exactly the same questions. */
export function rulesAlike(a: AnswerRule, b: AnswerRule): boolean {
  const keyOf = ({ texts, options, agentType }: AnswerRule) =>
    JSON.stringify([texts.map(normal), options?.map((labels) => [...labels].sort()) ?? null, agentType]);
  return keyOf(a) === keyOf(b);
}

/** The same for questions that one answer can serve: the same parts with the same options. */
export function likeness({ prompts }: Pick<Question, "prompts">): string {
  return JSON.stringify(
    prompts.map(({ text, options, multiple }) => [
      normal(text),
      options.map(({ label }) => label).sort(),
      multiple,
    ]),
  );
}

function normal(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

function wordsOf(choices: readonly Choice[]): string {
  return JSON.stringify(choices.map(({ labels, text }) => [[...labels].sort(), text.trim()]));
}
