import type { ReactNode } from "react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { classNames } from "#components/ui/class-names.ts";
import { duration } from "#components/ui/since.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { SessionView, SittingView } from "#lib/contract/wire.ts";

interface SittingLimitsProps {
  session: SessionView;
  sitting: SittingView;
  council: SessionDetail["council"];
}

/** What the council has used up of what it may. The time in which a question waits does not count. */
export function SittingLimits({ session, sitting, council }: SittingLimitsProps) {
  const { limitsFrom, parts, part } = sitting;
  const now = useNow();
  const isWaiting = session.status === "waiting";
  const usedMs = Math.max(0, now - Date.parse(limitsFrom.at));
  const usedUsd = Math.max(0, session.costUsd - limitsFrom.costUsd);
  const debated = parts.filter((each) => each.part === "rebuttal").length + Number(part === "rebuttal");
  const { timeLimitMs, budgetUsd, rebuttals, reworkRounds } = council;
  return (
    <dl className="mt-2.5 grid grid-cols-2 gap-x-5 gap-y-2 text-xs sm:grid-cols-4">
      <Limit name="Time" share={isWaiting ? null : usedMs / timeLimitMs}>
        {isWaiting ? "stands still" : `${duration(usedMs)} of ${duration(timeLimitMs)}`}
      </Limit>
      <Limit name="Cost" share={budgetUsd === null ? null : usedUsd / budgetUsd}>
        ${usedUsd.toFixed(2)} {budgetUsd === null ? "· no budget of its own" : `of $${budgetUsd.toFixed(2)}`}
      </Limit>
      <Limit name="Rebuttals" share={null}>
        {debated} of {rebuttals}
      </Limit>
      <Limit name="Reworks by itself" share={null}>
        {Math.min(session.round, reworkRounds)} of {reworkRounds}
      </Limit>
    </dl>
  );
}

function Limit({ name, share, children }: { name: string; share: number | null; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint">{name}</dt>
      <dd className="text-muted tabular-nums">{children}</dd>
      {share !== null && (
        <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-sunken">
          <div
            className={classNames("h-full rounded-full", share > 0.8 ? "bg-attention-solid" : "bg-review")}
            style={{ width: `${String(Math.min(100, share * 100))}%` }}
          />
        </div>
      )}
    </div>
  );
}
