"use client";

import { useState } from "react";
import { AnsiText } from "#components/ui/ansi-text.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Markdown } from "#components/ui/markdown.tsx";
import type { ToolEntry } from "./transcript.ts";

const firstLines = 24;
const mostLines = 2000;

/** What a call gave back; long output shows its beginning first. */
export function ToolOutput({ result, prose }: { result: NonNullable<ToolEntry["result"]>; prose: boolean }) {
  const [isWhole, setWhole] = useState(false);
  if (result.text === "") return null;
  if (prose && !result.failed) {
    return <Markdown text={result.text} className="border-t border-line bg-sunken px-4 py-3 text-sm" />;
  }
  const lines = result.text.split("\n");
  const shown = lines.slice(0, isWhole ? mostLines : firstLines);
  return (
    <div
      className={classNames(
        "border-t border-line",
        "bg-sunken",
        result.failed && "shadow-[inset_2px_0_0_var(--bad)]",
      )}
    >
      <pre className="max-h-[32rem] overflow-auto px-3 py-2 font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
        {shown.map((line, index) => (
          <div key={index} className="min-h-[1lh]">
            <AnsiText line={line} />
          </div>
        ))}
      </pre>
      {lines.length > shown.length && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          disabled={isWhole}
          className="w-full border-t border-line px-3 py-1.5 text-left text-xs text-accent hover:bg-hover disabled:text-faint pointer-coarse:py-3"
        >
          {isWhole
            ? `${String(lines.length - mostLines)} more lines are in the log`
            : `Show ${String(lines.length - shown.length)} more lines`}
        </button>
      )}
    </div>
  );
}
