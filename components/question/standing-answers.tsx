"use client";

import { BookmarkCheck, CornerDownRight } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { useRead } from "#components/live/use-read.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { StandingAnswerView } from "#lib/contract/wire.ts";
import { choiceAsText } from "#lib/domain/question.ts";
import { RuleEditor } from "./rule-editor.tsx";

/** The rules that answer by themselves: seen, changed and revoked here. One that was asked for stands first. */
export default function StandingAnswers({
  asked,
  onClose,
}: {
  /** The number of a rule, which may be revoked by now. */
  asked: number | null;
  onClose: () => void;
}) {
  const told = useModel(
    (model) => model.recent.findLast(({ name }) => name.startsWith("answers:"))?.seq ?? 0,
  );
  const { value, problem } = useRead("answers", { repository: null, all: asked !== null }, String(told));
  const shown = value
    ?.filter(({ id, revokedAt }) => id === asked || revokedAt === null)
    .toSorted((a, b) => Number(b.id === asked) - Number(a.id === asked));
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
        {asked !== null && shown && shown[0]?.id !== asked && (
          <p className="mb-3 text-sm text-muted">There is no standing answer #{asked}.</p>
        )}
        {shown?.length === 0 && (
          <Empty icon={BookmarkCheck} title="A person is asked every time">
            Tick “Use this answer for questions like it” when you answer one.
          </Empty>
        )}
        <ul className="flex flex-col gap-3">
          {shown?.map((each) => (
            <li
              key={each.id}
              aria-current={each.id === asked || undefined}
              className={classNames(
                "rounded-lg border p-3",
                each.id === asked ? "border-accent" : "border-line",
                each.revokedAt !== null && "bg-sunken",
              )}
            >
              <Rule answer={each} />
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}

function Rule({ answer }: { answer: StandingAnswerView }) {
  const { id, rule, choices, by, createdAt, used, usedAt, revokedAt, revokedBy } = answer;
  const [isEdited, setIsEdited] = useState(false);
  const remove = useCommand("answers:remove");
  const may = useMay();
  if (isEdited) return <RuleEditor answer={answer} onDone={() => setIsEdited(false)} />;
  return (
    <div className="flex flex-col gap-2 text-sm">
      {rule.texts.map((text, index) => (
        <div key={index}>
          <Markdown text={text} className="text-muted" />
          <p className="mt-1 flex gap-1.5 font-medium [overflow-wrap:anywhere]">
            <CornerDownRight className="mt-0.5 size-3.5 shrink-0 text-good" aria-label="Answer" />
            {visibleText(choices[index] ? choiceAsText(choices[index]) : "")}
          </p>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        <span>
          #{id} · {visibleText(by)}, <Since at={createdAt} /> ago ·{" "}
          {rule.options ? "same options" : "any options"}
          {rule.agentType !== null && ` · only ${visibleText(rule.agentType)}`}
          {" · "}
          {used === 0 ? "not used yet" : `used ${String(used)} ${used === 1 ? "time" : "times"}`}
          {usedAt !== null && (
            <>
              , last <Since at={usedAt} /> ago
            </>
          )}
        </span>
        {revokedAt === null ? (
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
        ) : (
          <Badge tone="bad">
            revoked by {visibleText(revokedBy ?? "somebody")}, <Since at={revokedAt} /> ago
          </Badge>
        )}
      </div>
    </div>
  );
}
