import { CornerDownRight } from "lucide-react";
import Link from "next/link";
import { Markdown } from "#components/ui/markdown.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Question } from "#lib/domain/question.ts";
import { choiceAsText } from "#lib/domain/question.ts";

/** A question that has ended: what was said, by whom, and when. */
export function AnsweredQuestion({ question }: { question: Exclude<Question, { status: "open" }> }) {
  return (
    <div className="text-sm">
      {question.prompts.map((prompt, index) => {
        const choice = question.status === "answered" ? question.answer.choices[index] : undefined;
        return (
          <div key={index} className="mb-2">
            <Markdown text={prompt.text} className="text-muted" />
            {choice && (
              <p className="mt-1 flex gap-1.5 font-medium whitespace-pre-wrap [overflow-wrap:anywhere]">
                <CornerDownRight className="mt-0.5 size-3.5 shrink-0 text-good" aria-label="Answer" />
                {visibleText(choiceAsText(choice))}
              </p>
            )}
          </div>
        );
      })}
      <p className="text-xs text-faint">
        {question.status === "answered" ? (
          <>
            {visibleText(question.answer.by)}, <Since at={question.answer.at} /> ago
            {question.deliveredAt === null ? (
              " · kept, delivered on resume"
            ) : (
              <>
                {" "}
                · delivered <Since at={question.deliveredAt} /> ago
              </>
            )}
            {question.answer.rule !== undefined && (
              <>
                {" · "}
                <Link
                  href={`/questions?answers=${String(question.answer.rule)}`}
                  className="underline hover:text-text"
                >
                  see or revoke the rule
                </Link>
              </>
            )}
          </>
        ) : (
          <>
            Withdrawn <Since at={question.at} /> ago: {visibleText(question.reason)}
          </>
        )}
      </p>
    </div>
  );
}
