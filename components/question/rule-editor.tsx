"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useRead } from "#components/live/use-read.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Input } from "#components/ui/field.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { StandingAnswerView } from "#lib/contract/wire.ts";
import { choiceAsText, choiceFromText } from "#lib/domain/question.ts";
import { matches, ruleOf } from "#lib/domain/standing-answer.ts";

/** A changed rule is a new one in the place of the old one, so that what was answered keeps its reason. */
export function RuleEditor({ answer, onDone }: { answer: StandingAnswerView; onDone: () => void }) {
  const { id, repository, rule, choices } = answer;
  const options = useKnownOptions(answer);
  const [texts, setTexts] = useState(() => choices.map(choiceAsText));
  const [sameOptions, setSameOptions] = useState(rule.options !== null);
  const [agentType, setAgentType] = useState(rule.agentType ?? "");
  const add = useCommand("answers:add");
  const save = async () => {
    const made = await add.run({
      repository,
      replaces: id,
      rule: {
        texts: rule.texts,
        options: sameOptions ? options : null,
        agentType: agentType.trim() === "" ? null : agentType.trim(),
      },
      choices: texts.map((text, index) => {
        const kept = choices[index];
        if (kept && choiceAsText(kept) === text) return kept;
        const known = (options?.[index] ?? []).map((label) => ({ label, description: "" }));
        const choice = choiceFromText({ text: "", header: "", options: known, multiple: false }, text);
        return { labels: [...choice.labels], text: choice.text };
      }),
    });
    if (made) onDone();
  };
  return (
    <form
      className="flex flex-col gap-3 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {rule.texts.map((text, index) => (
        <label key={index} className="flex flex-col gap-1">
          <span className="whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">{visibleText(text)}</span>
          <Input
            value={texts[index] ?? ""}
            onChange={(event) => setTexts(texts.with(index, event.target.value))}
          />
        </label>
      ))}
      {options && (
        <label className="flex items-center gap-2 text-xs text-muted">
          <Checkbox checked={sameOptions} onChange={(event) => setSameOptions(event.target.checked)} />
          only with the same options
          {rule.options === null && `: ${visibleText(options.map((labels) => labels.join(", ")).join("; "))}`}
        </label>
      )}
      <label className="flex items-center gap-2 text-xs text-muted">
        only from agent type
        <Input
          value={agentType}
          placeholder="any"
          onChange={(event) => setAgentType(event.target.value)}
          className="max-w-48"
        />
      </label>
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button
          kind="primary"
          type="submit"
          busy={add.busy}
          disabled={texts.some((text) => text.trim() === "")}
        >
          Save
        </Button>
      </div>
    </form>
  );
}

/** The rule's options; one for any options keeps none, so those of the last question with its words. */
function useKnownOptions({ repository, rule }: StandingAnswerView): string[][] | null {
  const isWide = rule.options === null;
  const { value } = useRead("questions", { repository, all: isWide }, "");
  if (!isWide) return rule.options;
  const anyone = { ...rule, agentType: null };
  const last = value
    ?.filter(({ question }) => matches(anyone, { prompts: question.prompts, agentType: "" }))
    .toSorted((a, b) => b.question.askedAt.localeCompare(a.question.askedAt))[0];
  const options = last && ruleOf(last.question.prompts, null).options?.map((labels) => [...labels]);
  return options?.some((labels) => labels.length > 0) ? options : null;
}
