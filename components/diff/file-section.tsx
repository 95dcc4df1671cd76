import { ChevronRight } from "lucide-react";
import { memo, useMemo } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { changedParts } from "./changed-part.ts";
import { LineRow } from "./line-row.tsx";
import type { DiffLine } from "./parse-diff.ts";

/** A file without end is no help: the rest is for an editor. */
const drawnAtMost = 5000;

export const FileSection = memo(function FileSection({
  file,
  lines,
  isOpen,
  onToggle,
}: {
  file: ReadOutput<"diff">["files"][number];
  /** Null where the diff's text does not reach this file. */
  lines: readonly DiffLine[] | null;
  isOpen: boolean;
  onToggle: (path: string) => void;
}) {
  const path = visibleText(file.path);
  return (
    <section aria-label={path} className="rounded-lg border border-line bg-surface [contain:layout_style]">
      <h3 className="sticky top-0 z-10 rounded-t-lg bg-surface">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => onToggle(file.path)}
          className="flex min-h-9 w-full items-center gap-2 rounded-lg px-3 py-1.5 text-left text-xs hover:bg-hover pointer-coarse:min-h-11"
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
          <span className="ml-auto shrink-0">
            {file.added === null ? (
              <span className="text-2xs text-faint">binary</span>
            ) : (
              <ChangeSize added={file.added} removed={file.removed ?? 0} />
            )}
          </span>
        </button>
      </h3>
      {isOpen && (
        <div className="overflow-x-auto border-t border-line [content-visibility:auto]">
          {lines === null ? (
            <p className="px-4 py-3 text-xs text-faint">This file lies beyond the end of the shown diff.</p>
          ) : (
            <Lines lines={lines} />
          )}
        </div>
      )}
    </section>
  );
});

function Lines({ lines }: { lines: readonly DiffLine[] }) {
  const parts = useMemo(() => changedParts(lines), [lines]);
  return (
    <div className="font-mono text-xs leading-5">
      {lines.slice(0, drawnAtMost).map((line, index) => (
        <LineRow key={index} line={line} part={parts.get(index) ?? null} />
      ))}
      {lines.length > drawnAtMost && (
        <p className="px-4 py-2 text-faint">{lines.length - drawnAtMost} more lines are not drawn.</p>
      )}
    </div>
  );
}
