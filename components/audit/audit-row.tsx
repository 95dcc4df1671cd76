import { classNames } from "#components/ui/class-names.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { AuditEntryView } from "#lib/contract/wire.ts";

const isBad = (outcome: string) => outcome === "refused" || outcome === "failed";

/** One entry: who, what, to what, with which outcome, and how they came in. */
export function AuditRow({ entry }: { entry: AuditEntryView }) {
  const { at, actor, action, target, outcome, via, detail } = entry;
  return (
    <div className="grid grid-cols-[8.5rem_1fr] gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 text-sm sm:grid-cols-[8.5rem_9rem_11rem_1fr]">
      <time dateTime={at} title={at} className="text-xs leading-5 text-faint">
        {new Date(at).toLocaleString([], {
          day: "numeric",
          month: "short",
          hour: "2-digit",
          minute: "2-digit",
          second: "2-digit",
        })}
      </time>
      <span className="truncate font-medium" title={visibleText(via)}>
        {visibleText(actor)}
      </span>
      <span className="font-mono text-xs leading-5 max-sm:col-start-2">
        {visibleText(action)}{" "}
        <span className={classNames(isBad(outcome) ? "text-bad" : "text-faint")}>{visibleText(outcome)}</span>
      </span>
      <span className="min-w-0 text-xs leading-5 text-muted [overflow-wrap:anywhere] max-sm:col-start-2">
        {visibleText(target)}
        {detail !== "" && detail !== "{}" && (
          <span className="line-clamp-2 text-faint" title={visibleText(detail)}>
            {visibleText(detail.slice(0, 2000))}
          </span>
        )}
      </span>
    </div>
  );
}
