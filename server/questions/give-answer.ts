import type { QuestionView } from "#lib/contract/wire.ts";
import { answer, type Answered, type AnswerProblem, type Question } from "#lib/domain/question.ts";
import type { Change, SessionRow } from "../sessions/ports.ts";
import { questionView } from "../sessions/question-view.ts";
import { withMessage } from "../sessions/session-row.ts";

/** One answer as it is to be written: the row first, and the message to the runner with it. */
export interface Given {
  readonly row: SessionRow;
  /** All questions of the session as they are then. */
  readonly questions: readonly Question[];
  readonly view: QuestionView;
  readonly change: Required<Pick<Change, "effects" | "facts" | "audit">>;
}

/** Decides one answer; nothing is written yet. `actor` is who answers for the record, a person or a rule. */
export function giveAnswer(order: {
  row: SessionRow;
  questions: readonly Question[];
  question: Question;
  answered: Answered;
  downstream: number;
  text: string;
}): Given | { readonly problem: AnswerProblem } {
  const { questions, question, answered, downstream } = order;
  const outcome = answer(question, answered);
  if ("problem" in outcome) return outcome;
  const after = questions.map((each) => (each.id === question.id ? outcome.question : each));
  const openQuestions = after.filter(({ status }) => status === "open").length;
  const { row, effect } = withMessage(
    { ...order.row, view: { ...order.row.view, openQuestions } },
    {
      kind: "answer",
      question: question.id,
      choices: answered.choices.map(({ labels, text }) => ({ labels: [...labels], text })),
    },
    { by: answered.by, at: answered.at },
  );
  const view = questionView(row, outcome.question, downstream);
  return {
    row,
    questions: after,
    view,
    change: {
      effects: [effect],
      facts: [
        {
          name: "question:answered",
          repository: row.repository,
          session: row.id,
          actor: answered.by,
          text: order.text,
          changes: { sessions: [row.view], questions: [view] },
        },
      ],
      audit: [
        {
          actor: answered.by,
          action: "question:answer",
          target: `${row.id}/${question.id}`,
          outcome: "done",
          detail: JSON.stringify(answered.choices),
        },
      ],
    },
  };
}
