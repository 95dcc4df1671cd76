import { MessageSquare, Scale, X } from "lucide-react";
import type { ReactNode } from "react";
import { roleWord, severityTone, stanceLook } from "#components/live/review-look.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { spotId } from "#components/live/use-spot.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Thread } from "./threads.ts";

interface ThreadCardProps {
  thread: Thread;
  session: string;
  /** Named where the card does not stand at its line. */
  place?: string;
  onReview: (id: string) => void;
}

/** A finding or a comment where it belongs, with what was answered. */
export function ThreadCard({ thread, session, place, onReview }: ThreadCardProps) {
  return (
    <article
      id={spotId("diff", thread.id)}
      tabIndex={-1}
      aria-label={`${thread.kind === "comment" ? "Comment" : "Finding"} ${thread.id}`}
      className="max-w-3xl rounded-lg border border-line-strong bg-raised px-3 py-2 font-sans shadow-card"
    >
      {place !== undefined && (
        <p className="mb-1 font-mono text-xs text-muted [overflow-wrap:anywhere]">{visibleText(place)}</p>
      )}
      {thread.kind === "comment" ? (
        <CommentBody session={session} comment={thread.comment} />
      ) : (
        <FindingBody thread={thread} onReview={onReview} />
      )}
    </article>
  );
}

function FindingBody({
  thread,
  onReview,
}: {
  thread: Exclude<Thread, { kind: "comment" }>;
  onReview: (id: string) => void;
}) {
  const isEarlier = thread.kind === "earlier";
  const { severity, claim } = isEarlier ? thread.earlier : thread.finding;
  const evidence = isEarlier ? thread.earlier.reason : thread.finding.evidence;
  return (
    <>
      <Head>
        <Scale className="size-3.5 text-review" aria-hidden />
        {severity && <Badge tone={severityTone[severity]}>{severity}</Badge>}
        {isEarlier ? (
          <span className="text-attention">still open from before</span>
        ) : (
          <span className="text-muted">{roleWord[thread.by]}</span>
        )}
        <button
          type="button"
          onClick={() => onReview(thread.id)}
          className="ml-auto rounded px-1 font-mono text-faint underline-offset-2 hover:text-text hover:underline pointer-coarse:min-h-10"
        >
          {thread.id} in the review
        </button>
      </Head>
      <Markdown text={claim} className="mt-1 text-sm font-medium" />
      {evidence.trim() !== "" && <Markdown text={evidence} className="mt-1 text-xs text-muted" />}
      {!isEarlier && thread.answers.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1.5 border-t border-line pt-2">
          {thread.answers.map(({ role, stance, reason }, index) => (
            <li key={index} className="text-xs">
              <span className="inline-flex items-center gap-1.5">
                <span className="text-muted">{roleWord[role]}</span>
                <Badge tone={stanceLook[stance].tone}>{stanceLook[stance].word}</Badge>
              </span>
              <Markdown text={reason} className="mt-0.5" />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function CommentBody({
  session,
  comment,
}: {
  session: string;
  comment: Extract<Thread, { kind: "comment" }>["comment"];
}) {
  const remove = useCommand("comment:remove");
  const may = useMay();
  const isOpen = comment.status === "open";
  return (
    <>
      <Head>
        <MessageSquare className="size-3.5 text-accent" aria-hidden />
        <span className="font-medium">{visibleText(comment.by)}</span>
        <span className="text-faint">
          <Since at={comment.at} /> ago
        </span>
        <Badge tone={isOpen ? "attention" : "neutral"}>{isOpen ? "not sent yet" : "sent"}</Badge>
        {isOpen && (
          <MayButton
            whyNot={may.whyNot("comment:remove")}
            kind="quiet"
            size="icon"
            className="-my-1 ml-auto size-7"
            aria-label={`Take ${comment.id} back`}
            busy={remove.busy}
            onClick={() => void remove.run({ session, comment: comment.id })}
          >
            <X aria-hidden />
          </MayButton>
        )}
      </Head>
      <Markdown text={comment.text} className="mt-1 text-sm" />
    </>
  );
}

function Head({ children }: { children: ReactNode }) {
  return <header className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">{children}</header>;
}
