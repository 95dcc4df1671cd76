import type { Choice, Prompt } from "#lib/domain/question.ts";

/** What a person has chosen so far, one per prompt. */
export type Draft = readonly Choice[];

export function emptyDraft(prompts: readonly Prompt[]): Draft {
  return prompts.map(() => ({ labels: [], text: "" }));
}

/** Chooses an option, or takes it back. A prompt with one choice lets go of the other one. */
export function toggled(draft: Draft, index: number, prompt: Prompt, label: string): Draft {
  return draft.map((choice, at) => {
    if (at !== index) return choice;
    const isChosen = choice.labels.includes(label);
    if (!prompt.multiple) return { ...choice, labels: isChosen ? [] : [label] };
    const labels = isChosen ? choice.labels.filter((each) => each !== label) : [...choice.labels, label];
    return { ...choice, labels };
  });
}

export function written(draft: Draft, index: number, text: string): Draft {
  return draft.map((choice, at) => (at === index ? { ...choice, text } : choice));
}

export function isAnswered({ labels, text }: Choice): boolean {
  return labels.length > 0 || text.trim() !== "";
}

export function isComplete(draft: Draft): boolean {
  return draft.every(isAnswered);
}

/** Where a digit goes: the first prompt without an answer, else the last one. */
export function currentPrompt(draft: Draft): number {
  const open = draft.findIndex((choice) => !isAnswered(choice));
  return open === -1 ? draft.length - 1 : open;
}
