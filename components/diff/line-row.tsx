import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ChangedPart } from "./changed-part.ts";
import type { DiffLine } from "./parse-diff.ts";

const longestLine = 2000;

/** With `isOpen` a press on a line's number begins a comment; the list around it listens. */
export function LineRow({
  line,
  part,
  isOpen,
}: {
  line: DiffLine;
  part: ChangedPart | null;
  isOpen: boolean;
}) {
  if (line.kind === "hunk" || line.kind === "note") {
    return (
      <div className="flex bg-sunken text-faint">
        <span aria-hidden className="w-10 shrink-0 text-center select-none sm:w-20">
          {line.kind === "hunk" ? "⋯" : ""}
        </span>
        <span className="min-w-0 flex-1 truncate pr-4 pl-2">{visibleText(line.text)}</span>
      </div>
    );
  }
  const isAdded = line.kind === "added";
  const isRemoved = line.kind === "removed";
  return (
    <div className={classNames("group flex", isAdded && "bg-added", isRemoved && "bg-removed")}>
      <span className="w-10 shrink-0 px-2 text-right text-2xs leading-5 text-faint select-none max-sm:hidden">
        {line.before}
      </span>
      <LineNumber line={line} isOpen={isOpen} />
      <span className="w-4 shrink-0 text-faint select-none">
        <span aria-hidden>{isAdded ? "+" : isRemoved ? "−" : ""}</span>
        {(isAdded || isRemoved) && <span className="sr-only">{isAdded ? "added: " : "removed: "}</span>}
      </span>
      <span className="min-w-0 flex-1 pr-4 whitespace-pre-wrap [overflow-wrap:anywhere]">
        <LineText text={line.text} part={part} strong={isAdded ? "bg-added-strong" : "bg-removed-strong"} />
      </span>
    </div>
  );
}

function LineNumber({
  line,
  isOpen,
}: {
  line: Exclude<DiffLine, { kind: "hunk" | "note" }>;
  isOpen: boolean;
}) {
  const look = "w-10 shrink-0 px-2 text-right text-2xs leading-5 text-faint select-none";
  if (!isOpen) return <span className={look}>{line.after}</span>;
  const side = line.after === null ? "old" : "new";
  const number = line.after ?? line.before ?? 0;
  return (
    <button
      type="button"
      // Thousands of stops would bar the way for the keyboard, which has one button a file.
      tabIndex={-1}
      data-line={number}
      data-side={side}
      aria-label={`Comment on line ${String(number)}`}
      className={classNames(look, "relative cursor-pointer hover:bg-accent-solid hover:text-on-accent")}
    >
      {line.after}
      <span
        aria-hidden
        className="absolute inset-y-0 left-0.5 hidden font-sans text-xs leading-5 text-accent group-hover:inline"
      >
        +
      </span>
    </button>
  );
}

function LineText({ text, part, strong }: { text: string; part: ChangedPart | null; strong: string }) {
  if (text.length > longestLine) {
    return `${visibleText(text.slice(0, longestLine))} … ${String(text.length - longestLine)} more characters`;
  }
  if (!part || part[0] === part[1]) return visibleText(text);
  return (
    <>
      {visibleText(text.slice(0, part[0]))}
      <span className={classNames("rounded-[2px]", strong)}>{visibleText(text.slice(part[0], part[1]))}</span>
      {visibleText(text.slice(part[1]))}
    </>
  );
}
