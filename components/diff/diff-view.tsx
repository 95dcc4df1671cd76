"use client";

import { useCallback, useMemo, useRef, useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import type { SessionDetail } from "#components/live/use-session.ts";
import { type Spot, useSpot } from "#components/live/use-spot.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { Locked } from "#components/ui/locked.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ReadOutput, SessionView } from "#lib/contract/wire.ts";
import type { Draft } from "./comment-form.tsx";
import { FileSection } from "./file-section.tsx";
import type { DiffFile } from "./parse-diff.ts";
import { parseDiff } from "./parse-diff.ts";
import { ThreadCard } from "./thread-card.tsx";
import { threadsByFile, threadsOf, type Thread } from "./threads.ts";
import { UnsentComments } from "./unsent-comments.tsx";

/** Longer files are drawn when they are asked for. */
const drawnAtOnce = 600;
/** After so many lines the files below begin closed. */
const drawnInAll = 4000;

interface DiffViewProps {
  diff: ReadOutput<"diff">;
  session: SessionView;
  detail: SessionDetail | null;
  spot: Spot | null;
  onShow: (tab: "review", id: string) => void;
}

const none: readonly Thread[] = [];

export default function DiffView({ diff, session, detail, spot, onShow }: DiffViewProps) {
  const may = useMay();
  const [draft, setDraft] = useState<Draft | null>(null);
  const threads = useMemo(() => (detail ? threadsOf(detail) : none), [detail]);
  const byFile = useMemo(() => threadsByFile(threads), [threads]);
  const elsewhere = threads.filter(({ file }) => !diff.files.some(({ path }) => path === file));
  const isOver = session.status === "merged" || session.status === "merging";
  const whyNotComment = may.whyNot("comment:add");
  const onReview = useCallback((id: string) => onShow("review", id), [onShow]);
  const parsed = useMemo(() => new Map(parseDiff(diff.text).map((file) => [file.path, file])), [diff.text]);
  const initiallyOpen = useMemo(() => openAtFirst(diff.files, parsed), [diff.files, parsed]);
  const pointed = spot && (threads.find(({ id }) => id === spot.id)?.file ?? spot.id);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const added = diff.files.reduce((sum, file) => sum + (file.added ?? 0), 0);
  const removed = diff.files.reduce((sum, file) => sum + (file.removed ?? 0), 0);
  const toggle = (path: string) => {
    setTurned((old) => {
      const next = new Set(old);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  };
  // A place that was pointed at is opened, and so is the file in which something is being written.
  const isShown = (path: string) =>
    path === pointed || path === draft?.file || initiallyOpen.has(path) !== turned.has(path);
  useSpot("diff", spot);
  const jump = (index: number) => {
    body.current?.children[index]?.scrollIntoView({ block: "start" });
  };

  return (
    <div className="grid h-full grid-cols-1 lg:grid-cols-[17rem_1fr]">
      <nav
        aria-label="Changed files"
        className="min-h-0 overflow-y-auto border-r border-line p-2 max-lg:hidden"
      >
        <p className="flex items-center justify-between px-2 py-1.5 text-xs text-muted">
          {diff.files.length} {diff.files.length === 1 ? "file" : "files"}
          <ChangeSize added={added} removed={removed} />
        </p>
        {diff.files.map((file, index) => (
          <button
            key={file.path}
            type="button"
            onClick={() => jump(index)}
            title={visibleText(file.path)}
            className="flex h-7 w-full items-center gap-2 rounded-md px-2 text-left text-xs hover:bg-hover"
          >
            <span className="min-w-0 flex-1 truncate font-mono text-muted" dir="ltr">
              {shortPath(visibleText(file.path))}
            </span>
            {byFile.has(file.path) && (
              <span className="rounded-full bg-review-soft px-1.5 text-2xs text-review">
                {byFile.get(file.path)?.length}
              </span>
            )}
            {file.added !== null && <ChangeSize added={file.added} removed={file.removed ?? 0} />}
          </button>
        ))}
        {diff.uncommitted.length > 0 && (
          <>
            <p className="px-2 pt-4 pb-1 text-xs text-attention">Not committed yet</p>
            {diff.uncommitted.map((path) => (
              <p key={path} className="truncate px-2 py-1 font-mono text-xs text-muted">
                {visibleText(path)}
              </p>
            ))}
          </>
        )}
      </nav>
      <div className="min-h-0 min-w-0 overflow-y-auto">
        {diff.uncommitted.length > 0 && (
          <p className="px-4 pt-3 text-xs text-attention lg:hidden">
            {diff.uncommitted.length} more with changes that are not committed yet
          </p>
        )}
        {session.comments > 0 && <UnsentComments session={session} />}
        {elsewhere.length > 0 && (
          <section aria-label="Outside of the diff" className="flex flex-col gap-2 px-3 pt-3 sm:px-4">
            <h3 className="text-xs font-medium text-muted">About what is not in this diff</h3>
            {elsewhere.map((thread) => (
              <ThreadCard
                key={thread.id}
                thread={thread}
                session={session.id}
                place={thread.line === null ? thread.file : `${thread.file}:${String(thread.line)}`}
                onReview={onReview}
              />
            ))}
          </section>
        )}
        {!isOver && whyNotComment !== null && (
          <div className="px-3 pt-3 sm:px-4">
            <Locked>{`Commenting on lines: ${whyNotComment}`}</Locked>
          </div>
        )}
        <div ref={body} className="flex flex-col gap-3 p-3 sm:p-4">
          {diff.files.map((file) => (
            <FileSection
              key={file.path}
              file={file}
              lines={parsed.get(file.path)?.lines ?? null}
              isOpen={isShown(file.path)}
              onToggle={toggle}
              session={session.id}
              threads={byFile.get(file.path) ?? none}
              draft={draft?.file === file.path ? draft : null}
              onDraft={!isOver && whyNotComment === null ? setDraft : null}
              onReview={onReview}
            />
          ))}
        </div>
        {diff.truncated && (
          <p className="px-4 pb-6 text-xs text-attention">
            The diff is longer than what is shown. See the rest with git diff in the worktree.
          </p>
        )}
      </div>
    </div>
  );
}

function openAtFirst(
  files: ReadOutput<"diff">["files"],
  parsed: ReadonlyMap<string, DiffFile>,
): ReadonlySet<string> {
  const open = new Set<string>();
  let drawn = 0;
  for (const { path } of files) {
    const size = parsed.get(path)?.lines.length ?? 0;
    if (size > drawnAtOnce || drawn + size > drawnInAll) continue;
    drawn += size;
    open.add(path);
  }
  return open;
}

/** The folder's last part and the name: what tells files apart. */
function shortPath(path: string): string {
  const parts = path.split("/");
  return parts.length <= 2 ? path : `…/${parts.slice(-2).join("/")}`;
}
