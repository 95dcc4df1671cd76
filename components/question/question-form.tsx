"use client";

import { SendHorizontal } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useWriting } from "#components/live/use-company.ts";
import { useQuestionEnd } from "#components/live/use-question-end.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Button } from "#components/ui/button.tsx";
import { useHotkeys } from "#components/ui/hotkeys.ts";
import { Locked } from "#components/ui/locked.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { QuestionView } from "#lib/contract/wire.ts";
import type { Question } from "#lib/domain/question.ts";
import { choiceAsText } from "#lib/domain/question.ts";
import type { Draft } from "./draft.ts";
import { currentPrompt, emptyDraft, isAnswered, isComplete, toggled, written } from "./draft.ts";
import { PromptField } from "./prompt-field.tsx";
import { Writers } from "./writers.tsx";
import { AlikeList } from "./alike-list.tsx";
import { questionKeyOf } from "./question-key.ts";
import { QuestionScene, type ShowInDiff } from "./question-scene.tsx";
import { noRule, RuleFields, type RuleDraft } from "./rule-fields.tsx";
import { useSendAnswer } from "./use-send-answer.ts";

/** One open question. Digits choose, Enter sends; the first form on the page needs no focus for that. */
export function QuestionForm({
  session,
  question,
  alike = [],
  onShow,
}: {
  session: QuestionView["session"];
  question: Question;
  /** Open questions of other sessions that the same answer can serve. */
  alike?: readonly QuestionView[];
  /** Where the diff is on the same page. */
  onShow?: ShowInDiff;
}) {
  const { prompts } = question;
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(() => emptyDraft(prompts));
  const writing = useWriting({ session, question: question.id });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [rule, setRule] = useState<RuleDraft | null>(null);
  const { send: sendAnswer, busy } = useSendAnswer();
  const agentType = useModel((model) => model.sessions.get(session)?.agent.type ?? "") ?? "";
  const whyNot = useMay().whyNot("question:answer");
  const complete = isComplete(draft);

  useQuestionEnd({ session, question: question.id }, (ended) => {
    if (!busy && draft.some(isAnswered)) tellOvertaken(ended, draft);
  });

  const change = (next: Draft) => {
    setDraft(next);
    if (next.some(isAnswered)) writing.touch();
    else writing.rest();
  };
  const send = async () => {
    if (!complete || busy || whyNot !== null) return;
    const card = form.current?.closest<HTMLElement>("[data-question]") ?? null;
    const hadFocus = card?.contains(document.activeElement) ?? false;
    const next = card && hadFocus ? neighbourOf(card) : null;
    const also = alike.filter((view) => !left.has(questionKeyOf(view)));
    const isSent = await sendAnswer({ session, question, also, rule, agentType }, draft);
    // The card goes with its question; whoever works by keyboard goes on with the next one.
    if (isSent) next?.focus();
  };
  const choose = (digit: number) => {
    if (!form.current || !takesKeys(form.current)) return;
    const index = focusedPrompt(form.current) ?? currentPrompt(draft);
    const prompt = prompts[index];
    const option = prompt?.options[digit - 1];
    if (prompt && option) change(toggled(draft, index, prompt, option.label));
  };
  useHotkeys({
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [String(index + 1), () => choose(index + 1)]),
    ),
    Enter: () => {
      if (!form.current || !takesKeys(form.current)) return;
      if (document.activeElement instanceof HTMLAnchorElement) document.activeElement.click();
      else if (!(document.activeElement instanceof HTMLButtonElement)) void send();
    },
  });

  return (
    <form
      ref={form}
      data-testid="question-form"
      aria-label={`Question ${question.id}: ${prompts[0]?.text ?? ""}`}
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Writers session={session} question={question.id} />
      {question.context.trim() !== "" && (
        <Markdown text={question.context} className="border-l-2 border-line-strong pl-3 text-sm text-muted" />
      )}
      {prompts.map((prompt, index) => (
        <PromptField
          key={index}
          prompt={prompt}
          number={prompts.length > 1 ? index + 1 : null}
          choice={draft[index] ?? { labels: [], text: "" }}
          disabled={whyNot !== null}
          takesDigits={whyNot === null && index === currentPrompt(draft)}
          onToggle={(label) => change(toggled(draft, index, prompt, label))}
          onText={(text) => change(written(draft, index, text))}
          onSend={() => void send()}
        />
      ))}
      {question.scene && <QuestionScene session={session} scene={question.scene} onShow={onShow} />}
      {whyNot === null && alike.length > 0 && (
        <AlikeList
          views={alike}
          left={left}
          onToggle={(key) =>
            setLeft((old) =>
              old.has(key) ? new Set([...old].filter((each) => each !== key)) : new Set([...old, key]),
            )
          }
        />
      )}
      {whyNot === null && (
        <div className="flex flex-col gap-2">
          <label className="flex w-fit items-center gap-2 text-xs text-muted">
            <Checkbox
              checked={rule !== null}
              onChange={(event) => setRule(event.target.checked ? noRule : null)}
            />
            Use this answer for questions like it
          </label>
          {rule && <RuleFields prompts={prompts} agentType={agentType} rule={rule} onChange={setRule} />}
        </div>
      )}
      {whyNot === null ? (
        <div className="flex items-center justify-between gap-3 max-sm:sticky max-sm:bottom-0 max-sm:z-10 max-sm:-mx-4 max-sm:-mb-4 max-sm:rounded-b-xl max-sm:border-t max-sm:border-line max-sm:bg-surface max-sm:p-3">
          <span className="text-xs text-faint">
            {prompts.length > 1 &&
              `${String(draft.filter(isAnswered).length)} of ${String(prompts.length)} answered`}
          </span>
          <Button
            kind="primary"
            size="md"
            type="submit"
            busy={busy}
            disabled={!complete}
            className="max-sm:flex-1"
          >
            <SendHorizontal aria-hidden />
            {busy ? "Sending" : "Send answer"}
          </Button>
        </div>
      ) : (
        <Locked>{whyNot}</Locked>
      )}
    </form>
  );
}

/** Somebody else was first; the words of the person here must not just vanish. */
function tellOvertaken(ended: Question, draft: Draft): void {
  const first =
    ended.status === "answered"
      ? `${visibleText(ended.answer.by)} answered first: “${visibleText(ended.answer.choices.map(choiceAsText).join("; "))}”`
      : "The question was withdrawn.";
  const words = draft.filter(isAnswered).map(choiceAsText).join("; ");
  toast.info(first, { description: `Yours was not sent: “${visibleText(words)}”`, duration: 30_000 });
}

/** The form that has the focus takes the keys; with none focused it is the first one. */
function takesKeys(form: HTMLFormElement): boolean {
  const focused = document.activeElement;
  const owner = focused?.closest("[data-question]")?.querySelector("form") ?? null;
  if (owner) return owner === form;
  return (
    (focused === null || focused === document.body || focused.id === "main") &&
    document.querySelector('form[data-testid="question-form"]') === form
  );
}

/** What comes after it in the list, or before it where it is the last. */
function neighbourOf(card: HTMLElement): HTMLElement | null {
  const places = [...document.querySelectorAll<HTMLElement>("[data-nav]")];
  const at = places.indexOf(card);
  return places[at + 1] ?? places[at - 1] ?? null;
}

function focusedPrompt(form: HTMLFormElement): number | null {
  const fieldset = document.activeElement?.closest("fieldset");
  if (!fieldset || !form.contains(fieldset)) return null;
  return [...form.querySelectorAll("fieldset")].indexOf(fieldset);
}
