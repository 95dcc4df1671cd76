import { Brain, CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { Cost } from "#components/ui/cost.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { Fold } from "./fold.tsx";
import { ToolRow } from "./tool-row.tsx";
import type { RowProps } from "./row-props.ts";

const drawnInner = 300;

export const EntryRow = memo(function EntryRow(props: RowProps) {
  const { entry, opened, onToggle } = props;
  switch (entry.kind) {
    case "text":
      return <Markdown text={entry.text} className="max-w-[76ch] py-2 text-sm leading-relaxed" />;
    case "thinking":
      return (
        <Fold
          icon={Brain}
          title="Thinking"
          detail={visibleText(entry.text.replace(/\s+/g, " ").slice(0, 160))}
          isOpen={opened.has(entry.key)}
          onToggle={() => onToggle(entry.key)}
        >
          <p className="px-3 py-2 text-sm whitespace-pre-wrap text-muted italic [overflow-wrap:anywhere]">
            {visibleText(entry.text)}
          </p>
        </Fold>
      );
    case "tool":
      return (
        <ToolRow {...props} entry={entry} hidden={Math.max(0, entry.inner.length - drawnInner)}>
          {opened.has(entry.key) &&
            entry.inner
              .slice(-drawnInner)
              .map((inner) => <EntryRow key={inner.key} {...props} entry={inner} />)}
        </ToolRow>
      );
    case "notice": {
      const Icon = entry.level === "warning" ? TriangleAlert : Info;
      return (
        <p
          className={classNames(
            "flex items-start gap-2 py-1.5 text-xs",
            entry.level === "warning" ? "text-attention" : "text-faint",
          )}
        >
          <Icon className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 [overflow-wrap:anywhere]">{visibleText(entry.text)}</span>
        </p>
      );
    }
    case "ended": {
      const { ok, text, turns, costUsd, terminal, deferred } = entry.result;
      const Icon = ok ? CircleCheck : CircleX;
      const end = deferred ? "Waits for an answer" : ok ? "Step ended" : `Step failed (${terminal})`;
      return (
        <div className="mt-2 border-t border-line py-2.5">
          <p className={classNames("flex items-center gap-2 text-xs", ok ? "text-good" : "text-bad")}>
            <Icon className="size-3.5 shrink-0" aria-hidden />
            {visibleText(end)}
            <span className="text-faint">
              {turns} {turns === 1 ? "turn" : "turns"}
              {costUsd !== null && (
                <>
                  {" · "}
                  <Cost usd={costUsd} />
                </>
              )}
            </span>
          </p>
          {!ok && text !== "" && (
            <p className="mt-1 pl-5.5 text-xs text-muted [overflow-wrap:anywhere]">{visibleText(text)}</p>
          )}
        </div>
      );
    }
    case "unknown":
      return (
        <pre
          className="truncate py-1 font-mono text-xs text-faint"
          title={visibleText(entry.text.slice(0, 1000))}
        >
          {visibleText(entry.text.slice(0, 400))}
        </pre>
      );
  }
});
