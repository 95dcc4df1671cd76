import type { QuestionView } from "#lib/contract/wire.ts";
import { withdraw } from "#lib/domain/question.ts";
import type { QuestionRow, SessionRow, SessionStore } from "../sessions/ports.ts";
import { questionView } from "../sessions/question-view.ts";

/** The session has ended, and with it what it asked. */
export async function withdrawOpen(
  store: Pick<SessionStore, "questionsOf">,
  row: SessionRow,
  { reason, at }: { reason: string; at: string },
): Promise<{ row: SessionRow; questions: QuestionRow[]; views: QuestionView[] }> {
  const open = (await store.questionsOf(row.id)).filter(({ status }) => status === "open");
  if (open.length === 0) return { row, questions: [], views: [] };
  const after = { ...row, view: { ...row.view, openQuestions: 0 } };
  const questions = open.map((question) => ({ session: row.id, question: withdraw(question, reason, at) }));
  return { row: after, questions, views: questions.map(({ question }) => questionView(after, question, 0)) };
}
