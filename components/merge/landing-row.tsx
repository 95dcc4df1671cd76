import { CircleCheck, CircleX } from "lucide-react";
import Link from "next/link";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { LandingView } from "#lib/contract/wire.ts";

/** A landing that has ended: what happened, what was kept, what to do. */
export function LandingRow({ landing }: { landing: LandingView }) {
  const { session, item, status, message, conflicts, commit, by, endedAt, startedAt } = landing;
  const hasLanded = status === "landed";
  const Icon = hasLanded ? CircleCheck : CircleX;
  return (
    <div className="flex items-start gap-3 py-2.5 text-sm">
      <Icon
        className={`mt-0.5 size-4 shrink-0 ${hasLanded ? "text-good" : "text-bad"}`}
        aria-label={status}
      />
      <div className="min-w-0 flex-1">
        <p className="[overflow-wrap:anywhere]">
          <Link
            data-nav
            href={`/sessions/${session}`}
            className="font-mono text-xs text-muted hover:text-text"
          >
            {item}
          </Link>{" "}
          {visibleText(message)}
        </p>
        {conflicts.length > 0 && (
          <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
            {conflicts.map(visibleText).join(", ")}
          </p>
        )}
      </div>
      <p className="shrink-0 text-right text-xs whitespace-nowrap text-faint">
        {commit && <span className="font-mono max-sm:hidden">{commit.slice(0, 9)} · </span>}
        {by} · <Since at={endedAt ?? startedAt} />
      </p>
    </div>
  );
}
