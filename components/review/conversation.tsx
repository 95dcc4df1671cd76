import { Badge } from "#components/ui/badge.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { CouncilPart, Report, Review } from "#lib/domain/review.ts";
import { heardParts } from "#lib/domain/heard-parts.ts";
import type { Hearing } from "./hearing.ts";
import { ReportCard } from "./report-card.tsx";
import { saidParts } from "#lib/domain/said-parts.ts";

export const partWords: Readonly<Record<CouncilPart, string>> = {
  recheck: "A look at what the moved base changed",
  examination: "Presentation and examination",
  rebuttal: "Rebuttal",
  arbitration: "Arbitration",
};

/** What was said in a council, in its order; what did not count stands there as such. */
export function Conversation({
  council,
  onDiff,
}: {
  council: Pick<Review, "number" | "parts" | "uncounted">;
  onDiff: (id: string) => void;
}) {
  const heard = heardParts(council);
  const hearing = { number: council.number, parts: heard };
  return saidParts(council).map((said, index) => {
    if (said.counts) {
      const { part, reports, headBefore, headAfter } = said.held;
      const moved = headBefore === headAfter ? "" : ` · moved the branch to ${headAfter.slice(0, 9)}`;
      return (
        <div key={index}>
          <PartHeading>
            {partWords[part]}
            {moved}
          </PartHeading>
          <Reports part={part} reports={reports} hearing={hearing} onDiff={onDiff} />
        </div>
      );
    }
    const { part, reason, reports } = said.uncounted;
    // Where a later attempt counted, what was said in this one is no finding of the council.
    const stands = heard.some((each) => each.reports === reports);
    return (
      <section key={index} aria-label={`${partWords[part]}, did not count`}>
        <PartHeading>
          {partWords[part]} <Badge tone="attention">did not count</Badge>
        </PartHeading>
        <p className="mb-3 text-center text-xs text-muted [overflow-wrap:anywhere]">{visibleText(reason)}</p>
        <div className="rounded-xl border border-dashed border-line-strong p-2 empty:hidden sm:p-3">
          {reports.length > 0 && (
            <Reports part={part} reports={reports} hearing={hearing} onDiff={stands ? onDiff : null} />
          )}
        </div>
      </section>
    );
  });
}

function PartHeading({ children }: { children: React.ReactNode }) {
  return (
    <h3 className="flex items-center gap-3 py-3 text-xs text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <span>{children}</span>
    </h3>
  );
}

function Reports({
  part,
  reports,
  hearing,
  onDiff,
}: {
  part: CouncilPart;
  reports: readonly Report[];
  hearing: Hearing;
  onDiff: ((id: string) => void) | null;
}) {
  return (
    <ol className="flex flex-col gap-3">
      {reports.map((report, at) => (
        <li key={at}>
          <ReportCard report={report} part={part} hearing={hearing} onDiff={onDiff} />
        </li>
      ))}
    </ol>
  );
}
