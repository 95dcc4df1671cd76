import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ChangedPart } from "./changed-part.ts";
import type { DiffLine } from "./parse-diff.ts";

const longestLine = 2000;

export function LineRow({ line, part }: { line: DiffLine; part: ChangedPart | null }) {
  if (line.kind === "hunk" || line.kind === "note") {
    return (
      <tr className="bg-sunken text-faint">
        <td colSpan={2} className="px-2 text-center select-none">
          {line.kind === "hunk" ? "⋯" : ""}
        </td>
        <td className="px-3 whitespace-pre">{visibleText(line.text)}</td>
      </tr>
    );
  }
  const isAdded = line.kind === "added";
  const isRemoved = line.kind === "removed";
  return (
    <tr className={classNames(isAdded && "bg-added", isRemoved && "bg-removed")}>
      <td className="w-10 min-w-10 px-2 text-right text-2xs text-faint select-none max-sm:hidden">
        {line.before}
      </td>
      <td className="w-10 min-w-10 px-2 text-right text-2xs text-faint select-none">{line.after}</td>
      <td className="pr-4 pl-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
        <span className="inline-block w-4 text-faint select-none">
          {isAdded ? "+" : isRemoved ? "−" : ""}
          {(isAdded || isRemoved) && <span className="sr-only">{isAdded ? "added: " : "removed: "}</span>}
        </span>
        <LineText text={line.text} part={part} strong={isAdded ? "bg-added-strong" : "bg-removed-strong"} />
      </td>
    </tr>
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
