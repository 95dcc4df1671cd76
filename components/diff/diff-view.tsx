"use client";

import { useMemo, useRef, useState } from "react";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { FileSection } from "./file-section.tsx";
import type { DiffFile } from "./parse-diff.ts";
import { parseDiff } from "./parse-diff.ts";

/** Longer files are drawn when they are asked for. */
const drawnAtOnce = 600;
/** After so many lines the files below begin closed. */
const drawnInAll = 4000;

export default function DiffView({ diff }: { diff: ReadOutput<"diff"> }) {
  const parsed = useMemo(() => new Map(parseDiff(diff.text).map((file) => [file.path, file])), [diff.text]);
  const initiallyOpen = useMemo(() => openAtFirst(diff.files, parsed), [diff.files, parsed]);
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
        <div ref={body} className="flex flex-col gap-3 p-3 sm:p-4">
          {diff.files.map((file) => (
            <FileSection
              key={file.path}
              file={file}
              lines={parsed.get(file.path)?.lines ?? null}
              isOpen={initiallyOpen.has(file.path) !== turned.has(file.path)}
              onToggle={toggle}
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
