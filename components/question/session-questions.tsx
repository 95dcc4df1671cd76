import { MessageCircleQuestion } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { useModel } from "#components/live/use-model.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { AnsweredQuestion } from "./answered-question.tsx";
import { QuestionForm } from "./question-form.tsx";
import type { ShowInDiff } from "./question-scene.tsx";

/** All that a session asked: what is open first, then what was said. */
export function SessionQuestions({
  session,
  detail,
  onShow,
}: {
  session: SessionView;
  detail: SessionDetail | null;
  onShow: ShowInDiff;
}) {
  const open = useModel((model) =>
    [...model.questions.values()]
      .filter((each) => each.session === session.id)
      .map(({ question }) => question),
  );
  if (!detail || !open) return <Placeholder lines={5} />;
  const ended = detail.questions.filter((question) => question.status !== "open").toReversed();
  if (open.length === 0 && ended.length === 0) {
    return (
      <Empty icon={MessageCircleQuestion} title="No questions">
        When the agent needs a decision, it asks here and waits. Nothing times out.
      </Empty>
    );
  }
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-2xl flex-col gap-4 p-4 sm:p-6">
        {open.map((question) => (
          <section
            key={question.id}
            data-question
            data-nav
            tabIndex={-1}
            className="rounded-xl border border-attention-line bg-surface p-4 shadow-card sm:p-5"
          >
            <p className="mb-3 text-xs text-faint">
              <span className="font-mono">{question.id}</span> · {question.asker.role} · asked{" "}
              <Since at={question.askedAt} /> ago
            </p>
            <QuestionForm session={session.id} question={question} onShow={onShow} />
          </section>
        ))}
        {ended.map((question) => (
          <section key={question.id} className="rounded-xl border border-line p-4 sm:px-5">
            <p className="mb-2 font-mono text-xs text-faint">{question.id}</p>
            <AnsweredQuestion question={question} />
          </section>
        ))}
      </div>
    </div>
  );
}
