import { ChevronRight, MessageSquarePlus } from "lucide-react";
import type { MouseEvent, ReactNode } from "react";
import { Fragment, memo, useMemo } from "react";
import { spotId } from "#components/live/use-spot.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { changedParts } from "./changed-part.ts";
import { CommentForm, type Draft } from "./comment-form.tsx";
import { LineRow } from "./line-row.tsx";
import { ThreadCard } from "./thread-card.tsx";
import { placeThreads, type Thread } from "./threads.ts";
import type { DiffLine } from "./parse-diff.ts";

/** A file without end is no help: the rest is for an editor. */
const drawnAtMost = 5000;

export const FileSection = memo(function FileSection({
  file,
  lines,
  isOpen,
  onToggle,
  session,
  threads,
  draft,
  onDraft,
  onReview,
}: {
  file: ReadOutput<"diff">["files"][number];
  /** Null where the diff's text does not reach this file. */
  lines: readonly DiffLine[] | null;
  isOpen: boolean;
  onToggle: (path: string) => void;
  session: string;
  threads: readonly Thread[];
  /** The comment that is being written here, if one is. */
  draft: Draft | null;
  /** Null where nobody may comment. */
  onDraft: ((draft: Draft | null) => void) | null;
  onReview: (id: string) => void;
}) {
  const { below, apart } = useMemo(() => placeThreads(threads, lines), [threads, lines]);
  const begin = (event: MouseEvent) => {
    const number = (event.target as Element).closest<HTMLElement>("[data-line]");
    if (!number || !onDraft) return;
    const side = number.dataset["side"] === "old" ? "old" : "new";
    onDraft({ file: file.path, line: Number(number.dataset["line"]), side });
  };
  const path = visibleText(file.path);
  return (
    <section
      id={spotId("diff", file.path)}
      tabIndex={-1}
      aria-label={path}
      className="rounded-lg border border-line bg-surface outline-none [contain:layout_style]"
    >
      <h3 className="sticky top-0 z-10 flex items-center rounded-t-lg bg-surface pr-1">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => onToggle(file.path)}
          className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-lg px-3 py-1.5 text-left text-xs hover:bg-hover pointer-coarse:min-h-11"
        >
          <ChevronRight
            className={classNames("size-3.5 shrink-0 text-faint transition-transform", isOpen && "rotate-90")}
            aria-hidden
          />
          <span className="min-w-0 font-mono font-medium [overflow-wrap:anywhere]">
            {file.from !== null && file.from !== file.path && (
              <span className="text-faint">{visibleText(file.from)} → </span>
            )}
            {path}
          </span>
          {file.kind !== "modified" && (
            <Badge tone={file.kind === "added" ? "good" : file.kind === "deleted" ? "bad" : "neutral"}>
              {file.kind}
            </Badge>
          )}
          {threads.length > 0 && (
            <Badge tone="review">
              {threads.length} {threads.length === 1 ? "thread" : "threads"}
            </Badge>
          )}
          <span className="ml-auto shrink-0">
            {file.added === null ? (
              <span className="text-2xs text-faint">binary</span>
            ) : (
              <ChangeSize added={file.added} removed={file.removed ?? 0} />
            )}
          </span>
        </button>
        {onDraft && (
          <Button
            kind="quiet"
            size="icon"
            aria-label={`Comment on ${path}`}
            onClick={() => onDraft({ file: file.path, line: null, side: "new" })}
          >
            <MessageSquarePlus aria-hidden />
          </Button>
        )}
      </h3>
      {isOpen && (
        <div className="overflow-x-auto border-t border-line" onClick={begin}>
          {(apart.length > 0 || draft?.line === null) && (
            <div className="flex flex-col gap-2 border-b border-line bg-sunken p-3">
              {draft?.line === null && (
                <CommentForm session={session} draft={draft} onClose={() => onDraft?.(null)} />
              )}
              {apart.map((thread) => (
                <ThreadCard
                  key={thread.id}
                  thread={thread}
                  session={session}
                  place={
                    thread.line === null ? "The whole file" : `Line ${String(thread.line)}, not in this diff`
                  }
                  onReview={onReview}
                />
              ))}
            </div>
          )}
          {lines === null ? (
            <p className="px-4 py-3 text-xs text-faint">This file lies beyond the end of the shown diff.</p>
          ) : (
            <Lines
              lines={lines}
              mayComment={onDraft !== null}
              draft={draft}
              below={below}
              render={{
                thread: (thread) => (
                  <ThreadCard key={thread.id} thread={thread} session={session} onReview={onReview} />
                ),
                draft: (each) => (
                  <CommentForm session={session} draft={each} onClose={() => onDraft?.(null)} />
                ),
              }}
            />
          )}
        </div>
      )}
    </section>
  );
});

interface LinesProps {
  lines: readonly DiffLine[];
  mayComment: boolean;
  draft: Draft | null;
  below: ReadonlyMap<number, readonly Thread[]>;
  render: { thread: (thread: Thread) => ReactNode; draft: (draft: Draft) => ReactNode };
}

function isAt(line: DiffLine, draft: Draft | null): boolean {
  if (!draft || draft.line === null || line.kind === "hunk" || line.kind === "note") return false;
  return draft.line === (draft.side === "old" ? (line.after === null ? line.before : null) : line.after);
}

function Lines({ lines, mayComment, draft, below, render }: LinesProps) {
  const parts = useMemo(() => changedParts(lines), [lines]);
  return (
    <div className="font-mono text-xs leading-5">
      {lines.slice(0, drawnAtMost).map((line, index) => (
        <Fragment key={index}>
          <LineRow line={line} part={parts.get(index) ?? null} isOpen={mayComment} />
          {(below.has(index) || isAt(line, draft)) && (
            <div className="flex flex-col gap-2 border-y border-line bg-sunken px-3 py-2 leading-normal sm:pl-20">
              {below.get(index)?.map(render.thread)}
              {isAt(line, draft) && draft && render.draft(draft)}
            </div>
          )}
        </Fragment>
      ))}
      {lines.length > drawnAtMost && (
        <p className="px-4 py-2 text-faint">{lines.length - drawnAtMost} more lines are not drawn.</p>
      )}
    </div>
  );
}
