import { Badge } from "#components/ui/badge.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Review } from "#lib/domain/review.ts";

/** How this council's findings stand to those before it: resolved, still open, new. */
export function EarlierList({ review }: { review: Pick<Review, "earlier" | "parts" | "number"> }) {
  const { earlier, parts, number } = review;
  if (earlier.length === 0) return null;
  const fresh = parts.flatMap(({ reports }) => reports.flatMap(({ findings }) => findings)).length;
  const open = earlier.filter(({ state }) => state === "open").length;
  return (
    <details className="mt-3 rounded-lg border border-line bg-surface px-4 py-2.5 text-sm" open={open > 0}>
      <summary className="flex cursor-pointer flex-wrap items-center gap-2 text-xs">
        <span className="font-medium">Compared with before council {number}</span>
        <Badge tone="good">{earlier.length - open} resolved</Badge>
        <Badge tone={open > 0 ? "attention" : "neutral"}>{open} still open</Badge>
        <Badge tone="neutral">{fresh} new</Badge>
      </summary>
      <ul className="mt-2 flex flex-col gap-2">
        {earlier.map(({ id, state, claim, reason, by }) => (
          <li key={id}>
            <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs">
              <Badge tone={state === "resolved" ? "good" : "attention"}>
                {state === "resolved" ? "resolved" : "still open"}
              </Badge>
              <span className="font-mono text-faint">{id}</span>
              <span className="text-faint">{visibleText(by)}</span>
            </p>
            <p className="mt-0.5 [overflow-wrap:anywhere]">{visibleText(claim)}</p>
            {reason.trim() !== "" && (
              <p className="text-xs text-muted [overflow-wrap:anywhere]">{visibleText(reason)}</p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
