import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ChangedPart } from "./changed-part.ts";
import type { DiffLine } from "./parse-diff.ts";

const longestLine = 2000;

export function LineRow({ line, part }: { line: DiffLine; part: ChangedPart | null }) {
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
    <div className={classNames("flex", isAdded && "bg-added", isRemoved && "bg-removed")}>
      <span className="w-10 shrink-0 px-2 text-right text-2xs leading-5 text-faint select-none max-sm:hidden">
        {line.before}
      </span>
      <span className="w-10 shrink-0 px-2 text-right text-2xs leading-5 text-faint select-none">
        {line.after}
      </span>
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
