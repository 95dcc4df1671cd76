"use client";

import { BookmarkCheck, ChevronRight, CircleCheckBig } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useAttention } from "#components/live/use-attention.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { QuestionView } from "#lib/contract/wire.ts";
import type { Attention } from "#lib/domain/attention.ts";
import { AttentionCard } from "./attention-card.tsx";
import { placesOf } from "./groups.ts";
import { QuestionForm } from "./question-form.tsx";
import { Weight } from "./weight.tsx";

const StandingAnswers = dynamic(() => import("./standing-answers.tsx"), { ssr: false });

/** Everything that needs a person, in all repositories, what holds up most first. */
export function Inbox() {
  const queue = useAttention();
  const questions = useModel((model) => model.questions);
  const repositories = useModel((model) => model.repositories);
  const router = useRouter();
  const answers = useSearchParams().get("answers");
  if (!queue || !questions || !repositories) return <Placeholder lines={8} />;
  const nameOf = ({ repository }: Attention) =>
    repositories.size > 1 ? (repositories.get(repository)?.name ?? null) : null;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-2xl p-4 sm:p-6">
        <header className="mb-4 flex items-center gap-2">
          <h1 className="flex items-baseline gap-2 text-lg font-semibold tracking-tight">
            Inbox
            <span className="text-sm font-normal text-faint">
              {queue.length === 0 ? "" : `${String(queue.length)} waiting`}
            </span>
          </h1>
          <Button kind="quiet" className="ml-auto" onClick={() => router.replace("/questions?answers")}>
            <BookmarkCheck aria-hidden />
            Standing answers
          </Button>
        </header>
        {queue.length === 0 ? (
          <Empty icon={CircleCheckBig} title="Nothing needs you">
            Questions, verdicts and whatever else needs a person appear here by themselves.
          </Empty>
        ) : (
          <ul className="flex flex-col gap-3">
            {placesOf(queue, questions).map((place) => (
              <li key={place.entry.key}>
                {place.kind === "questions" ? (
                  <QuestionCard entry={place.entry} views={place.views} repository={nameOf(place.entry)} />
                ) : (
                  <AttentionCard entry={place.entry} repository={nameOf(place.entry)} />
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      {answers !== null && (
        <StandingAnswers
          asked={/^[1-9]\d*$/.test(answers) ? Number(answers) : null}
          onClose={() => router.replace("/questions")}
        />
      )}
    </div>
  );
}

function QuestionCard({
  entry,
  views,
  repository,
}: {
  entry: Attention;
  views: readonly QuestionView[];
  repository: string | null;
}) {
  const [view, ...alike] = views;
  if (!view) return null;
  const { session, item, question } = view;
  return (
    <section
      data-question
      data-nav
      tabIndex={-1}
      aria-label={`Question of ${item.id}`}
      className="rounded-xl border border-line bg-surface p-4 shadow-card focus-within:border-line-strong sm:p-5"
    >
      <header className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-faint">
        <Link
          href={`/sessions/${session}?tab=questions`}
          className="flex min-w-0 items-center gap-1.5 text-muted hover:text-text"
        >
          {repository !== null && <span className="shrink-0">{repository}</span>}
          <span className="shrink-0 font-mono whitespace-nowrap">{item.id}</span>
          <span className="min-w-0 truncate">{visibleText(item.title)}</span>
          <ChevronRight className="size-3 shrink-0" aria-hidden />
        </Link>
        <span>
          {question.asker.role} · {question.asker.phase}
        </span>
        <span className="ml-auto">
          <Weight entry={entry} />
        </span>
      </header>
      <QuestionForm session={session} question={question} alike={alike} />
    </section>
  );
}
