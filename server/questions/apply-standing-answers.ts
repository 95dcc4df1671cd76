import type { Question } from "#lib/domain/question.ts";
import { standingAnswerFor } from "#lib/domain/standing-answer.ts";
import type { Change, SessionRow, StandingAnswerRow } from "../sessions/ports.ts";
import { giveAnswer } from "./give-answer.ts";

export interface Applied {
  readonly row: SessionRow;
  /** Those that were answered. */
  readonly questions: readonly Question[];
  readonly change: Required<Pick<Change, "effects" | "facts" | "audit" | "standingAnswers">>;
}

/**
 * Answers what has just been asked where exactly one thing is to be said to it. It is part of the decision that
 * takes the question in: nobody ever sees it open, and everybody sees which rule answered it.
 */
export function applyStandingAnswers(order: {
  row: SessionRow;
  /** All questions of the session. */
  questions: readonly Question[];
  asked: readonly Question[];
  rules: readonly StandingAnswerRow[];
  downstream: number;
  at: string;
}): Applied {
  const { at } = order;
  let { row, questions } = order;
  const rules = new Map(order.rules.map((rule) => [rule.id, rule]));
  const answered: Question[] = [];
  const used = new Set<number>();
  const change = { effects: [], facts: [], audit: [] } as {
    effects: Applied["change"]["effects"][number][];
    facts: Applied["change"]["facts"][number][];
    audit: Applied["change"]["audit"][number][];
  };
  for (const question of order.asked) {
    const found = standingAnswerFor(question, row.view.agent.type, [...rules.values()], at);
    const rule = found && rules.get(found.rule.id);
    if (!rule) continue;
    const given = giveAnswer({
      row,
      questions,
      question,
      answered: found.answered,
      downstream: order.downstream,
      text: `Standing answer #${rule.id} of ${rule.by} answered ${question.id} of ${row.item}.`,
    });
    if ("problem" in given) continue;
    ({ row, questions } = given);
    answered.push(given.view.question);
    rules.set(rule.id, { ...rule, used: rule.used + 1, usedAt: at });
    used.add(rule.id);
    change.effects.push(...given.change.effects);
    change.facts.push(...given.change.facts);
    change.audit.push(...given.change.audit);
  }
  const standingAnswers = [...used].flatMap((id) => rules.get(id) ?? []);
  return { row, questions: answered, change: { ...change, standingAnswers } };
}
