import type { QuestionView } from "#lib/contract/wire.ts";

/** What holds up most comes first; among equals, what waits longest. */
export function inboxOrder(questions: readonly QuestionView[]): QuestionView[] {
  return questions.toSorted(
    (a, b) => b.downstream - a.downstream || Date.parse(a.question.askedAt) - Date.parse(b.question.askedAt),
  );
}
