"use client";

import { BookmarkCheck, CornerDownRight } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { useRead } from "#components/live/use-read.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { Input } from "#components/ui/field.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { StandingAnswerView } from "#lib/contract/wire.ts";
import { choiceAsText, choiceFromText } from "#lib/domain/question.ts";

/** The rules that answer by themselves: seen, changed and revoked here. */
export default function StandingAnswers({ onClose }: { onClose: () => void }) {
  const told = useModel(
    (model) => model.recent.findLast(({ name }) => name.startsWith("answers:"))?.seq ?? 0,
  );
  const { value, problem } = useRead("answers", { repository: null }, String(told));
  return (
    <Modal
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Standing answers"
      description="Given to every question with the same words, at the moment it is asked."
    >
      <div className="min-h-0 overflow-y-auto px-5 pt-3 pb-5">
        {problem && <p className="text-sm text-bad">{problem.message}</p>}
        {!value && !problem && <Placeholder lines={3} />}
        {value?.length === 0 && (
          <Empty icon={BookmarkCheck} title="A person is asked every time">
            Tick “Use this answer for questions like it” when you answer one.
          </Empty>
        )}
        <ul className="flex flex-col gap-3">
          {value?.map((each) => (
            <li key={each.id} className="rounded-lg border border-line p-3">
              <Rule answer={each} />
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}

function Rule({ answer }: { answer: StandingAnswerView }) {
  const { id, rule, choices, by, createdAt, used, usedAt } = answer;
  const [isEdited, setIsEdited] = useState(false);
  const remove = useCommand("answers:remove");
  const may = useMay();
  if (isEdited) return <RuleEditor answer={answer} onDone={() => setIsEdited(false)} />;
  return (
    <div className="flex flex-col gap-2 text-sm">
      {rule.texts.map((text, index) => (
        <div key={index}>
          <p className="text-muted [overflow-wrap:anywhere]">{visibleText(text)}</p>
          <p className="flex gap-1.5 font-medium [overflow-wrap:anywhere]">
            <CornerDownRight className="mt-0.5 size-3.5 shrink-0 text-good" aria-label="Answer" />
            {visibleText(choices[index] ? choiceAsText(choices[index]) : "")}
          </p>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        <span>
          #{id} · {by}, <Since at={createdAt} /> ago · {rule.options ? "same options" : "any options"}
          {rule.agentType !== null && ` · ${rule.agentType}`}
          {" · "}
          {used === 0 ? "not used yet" : `used ${String(used)} ${used === 1 ? "time" : "times"}`}
          {usedAt !== null && (
            <>
              , last <Since at={usedAt} /> ago
            </>
          )}
        </span>
        <span className="ml-auto flex gap-1">
          <MayButton whyNot={may.whyNot("answers:add")} kind="quiet" onClick={() => setIsEdited(true)}>
            Edit
          </MayButton>
          <MayButton
            whyNot={may.whyNot("answers:remove")}
            kind="danger"
            busy={remove.busy}
            onClick={() => void remove.run({ id })}
          >
            Revoke
          </MayButton>
        </span>
      </div>
    </div>
  );
}

/** A changed rule is a new one in the place of the old one, so that what was answered keeps its reason. */
function RuleEditor({ answer, onDone }: { answer: StandingAnswerView; onDone: () => void }) {
  const { id, repository, rule, choices } = answer;
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
        options: sameOptions ? rule.options : null,
        agentType: agentType.trim() === "" ? null : agentType.trim(),
      },
      choices: texts.map((text, index) => {
        const kept = choices[index];
        if (kept && choiceAsText(kept) === text) return kept;
        const options = (rule.options?.[index] ?? []).map((label) => ({ label, description: "" }));
        const choice = choiceFromText({ text: "", header: "", options, multiple: false }, text);
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
          <span className="text-muted [overflow-wrap:anywhere]">{visibleText(text)}</span>
          <Input
            value={texts[index] ?? ""}
            onChange={(event) => setTexts(texts.with(index, event.target.value))}
          />
        </label>
      ))}
      {rule.options && (
        <label className="flex items-center gap-2 text-xs text-muted">
          <Checkbox checked={sameOptions} onChange={(event) => setSameOptions(event.target.checked)} />
          only with the same options
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
