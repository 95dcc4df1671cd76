import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import type { QuestionView } from "#lib/contract/wire.ts";
import type { Choice, Question } from "#lib/domain/question.ts";
import type { RuleDraft } from "./rule-fields.tsx";

interface Order {
  readonly session: QuestionView["session"];
  readonly question: Question;
  /** Questions that get the same answer. */
  readonly also: readonly QuestionView[];
  /** Makes it a standing answer too. */
  readonly rule: RuleDraft | null;
  readonly agentType: string;
}

/** Sends an answer to one question or to several that are alike, and says what became of each. */
export function useSendAnswer(): {
  send: (order: Order, choices: readonly Choice[]) => Promise<boolean>;
  busy: boolean;
} {
  const one = useCommand("question:answer");
  const many = useCommand("question:answer-alike");
  const add = useCommand("answers:add");

  const answer = async ({ session, question, also }: Order, given: readonly Choice[]) => {
    const choices = given.map(({ labels, text }) => ({ labels: [...labels], text }));
    if (also.length === 0) {
      const done = await one.run({ session, question: question.id, choices });
      if (!done) return false;
      toast.success(
        done.delivery === "delivered"
          ? "Answer delivered"
          : "Answer kept; delivered when the session goes on",
      );
      return true;
    }
    const questions = [
      { session, question: question.id },
      ...also.map((view) => ({ session: view.session, question: view.question.id })),
    ];
    const done = await many.run({ questions, choices });
    if (!done) return false;
    const refused = done.results.filter(({ problem }) => problem !== null);
    const answered = done.results.length - refused.length;
    toast.success(`${String(answered)} ${answered === 1 ? "question" : "questions"} answered`);
    for (const { session: of, problem } of refused) toast.error(`${of}: ${problem ?? ""}`);
    return answered > 0;
  };

  return {
    busy: one.busy || many.busy || add.busy,
    async send(order, choices) {
      if (!(await answer(order, choices))) return false;
      const { session, question, rule, agentType } = order;
      if (!rule) return true;
      const made = await add.run({
        from: { session, question: question.id },
        rule: {
          texts: question.prompts.map(({ text }) => text),
          options: rule.sameOptions
            ? question.prompts.map(({ options }) => options.map(({ label }) => label))
            : null,
          agentType: rule.thisAgentType ? agentType : null,
        },
      });
      if (made) toast.success(`Standing answer #${String(made.answer.id)} made`);
      return true;
    },
  };
}
