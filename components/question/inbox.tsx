"use client";

import { ChevronRight, CircleCheckBig } from "lucide-react";
import Link from "next/link";
import { useModel } from "#components/live/use-model.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { QuestionView } from "#lib/contract/wire.ts";
import { QuestionForm } from "./question-form.tsx";
import { inboxOrder } from "./inbox-order.ts";

/** Every open question, those first that hold up most work. */
export function Inbox() {
  const questions = useModel((model) => inboxOrder([...model.questions.values()]));
  if (!questions) return <Placeholder lines={8} />;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-2xl p-4 sm:p-6">
        <h1 className="mb-4 flex items-baseline gap-2 text-lg font-semibold tracking-tight">
          Questions
          <span className="text-sm font-normal text-faint">
            {questions.length === 0 ? "" : `${String(questions.length)} waiting`}
          </span>
        </h1>
        {questions.length === 0 ? (
          <Empty icon={CircleCheckBig} title="Nothing waits for you">
            Questions of running sessions appear here by themselves.
          </Empty>
        ) : (
          <ul className="flex flex-col gap-4">
            {questions.map((view) => (
              <li key={`${view.session}/${view.question.id}`}>
                <InboxCard view={view} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function InboxCard({ view: { session, item, question, downstream } }: { view: QuestionView }) {
  return (
    <section
      data-question
      data-nav
      tabIndex={-1}
      aria-label={`Question of ${item.id}`}
      className="rounded-xl border border-line bg-surface p-4 shadow-card focus-within:border-line-strong sm:p-5"
    >
      <header className="mb-3 flex flex-wrap items-center gap-x-2 text-xs text-faint">
        <Link
          href={`/sessions/${session}?tab=questions`}
          className="flex min-w-0 items-center gap-1.5 text-muted hover:text-text"
        >
          <span className="shrink-0 font-mono whitespace-nowrap">{item.id}</span>
          <span className="min-w-0 truncate">{visibleText(item.title)}</span>
          <ChevronRight className="size-3 shrink-0" aria-hidden />
        </Link>
        <span className="ml-auto whitespace-nowrap">
          {downstream > 0 && (
            <span className="font-medium text-attention">
              holds up {downstream} {downstream === 1 ? "item" : "items"} ·{" "}
            </span>
          )}
          <Since at={question.askedAt} />
        </span>
      </header>
      <QuestionForm session={session} question={question} />
    </section>
  );
}
