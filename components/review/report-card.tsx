import { Gavel, Hammer, ScanSearch } from "lucide-react";
import { roleWord, stanceLook } from "#components/live/review-look.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { CouncilPart, Report } from "#lib/domain/review.ts";
import { FindingCard } from "./finding-card.tsx";
import type { Hearing } from "./hearing.ts";

const icons = { implementer: Hammer, "peer-reviewer": ScanSearch, "tech-lead": Gavel } as const;

/** What one role said in one part: its summary, its findings, its answers to those of others. */
export function ReportCard({
  report,
  part,
  hearing,
  onDiff,
}: {
  report: Report;
  part: CouncilPart;
  hearing: Hearing;
  onDiff: ((id: string) => void) | null;
}) {
  const Icon = icons[report.role];
  const findings = hearing.parts.flatMap(({ reports }) => reports.flatMap((each) => each.findings));
  const isAuthor = report.role === "implementer";
  return (
    <article
      className={classNames(
        "flex gap-3",
        isAuthor && "sm:mr-12",
        !isAuthor && part !== "arbitration" && "sm:ml-12",
      )}
    >
      <span
        className={classNames(
          "grid size-7 shrink-0 place-items-center rounded-full",
          report.role === "tech-lead" ? "bg-review-soft text-review" : "bg-sunken text-muted",
        )}
      >
        <Icon className="size-3.5" aria-hidden />
      </span>
      <div className="min-w-0 flex-1 rounded-xl border border-line bg-surface px-4 py-3 shadow-card">
        <header className="mb-1.5 flex items-center gap-2">
          <h4 className="text-sm font-semibold">{roleWord[report.role]}</h4>
          <Badge tone={report.verdict === "approve" ? "good" : "bad"}>
            {report.verdict === "approve" ? "approves" : "wants changes"}
          </Badge>
        </header>
        <Markdown text={report.summary} className="text-sm" />
        {report.findings.length > 0 && (
          <ul className="mt-3 flex flex-col gap-2">
            {report.findings.map((finding) => (
              <li key={finding.id}>
                <FindingCard finding={finding} hearing={hearing} onDiff={onDiff} />
              </li>
            ))}
          </ul>
        )}
        {report.responses.length > 0 && (
          <ul className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
            {report.responses.map((response) => {
              const about = findings.find(({ id }) => id === response.finding);
              const stance = stanceLook[response.stance];
              return (
                <li key={response.finding} className="text-sm">
                  <p className="flex items-center gap-2 text-xs text-muted">
                    <Badge tone={stance.tone}>{stance.word}</Badge>
                    <span className="font-mono text-faint">{response.finding}</span>
                    <span className="min-w-0 truncate">{about && visibleText(about.claim)}</span>
                  </p>
                  <Markdown text={response.reason} className="mt-1" />
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </article>
  );
}
