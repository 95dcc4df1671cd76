import type { QuestionView } from "#lib/contract/wire.ts";
import type { Question } from "#lib/domain/question.ts";
import type { SessionRow } from "./ports.ts";

export function questionView(row: SessionRow, question: Question, downstream: number): QuestionView {
  const { id, title } = row.view.item;
  return { session: row.id, repository: row.repository, item: { id, title }, question, downstream };
}
