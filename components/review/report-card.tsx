import { Gavel, Hammer, ScanSearch } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { CouncilPart, Finding, Report, Response, Role } from "#lib/domain/review.ts";
import { FindingCard } from "./finding-card.tsx";

const roles = {
  implementer: { Icon: Hammer, word: "Implementer" },
  "peer-reviewer": { Icon: ScanSearch, word: "Peer reviewer" },
  "tech-lead": { Icon: Gavel, word: "Tech lead" },
} as const satisfies Record<Role, unknown>;

const stances: Readonly<
  Record<Response["stance"], { word: string; tone: "good" | "bad" | "neutral" | "info" }>
> = {
  accept: { word: "accepts", tone: "neutral" },
  dispute: { word: "disputes", tone: "bad" },
  withdraw: { word: "withdraws", tone: "neutral" },
  fixed: { word: "fixed", tone: "good" },
  overrule: { word: "overrules", tone: "info" },
};

/** What one role said in one part: its summary, its findings, its answers to those of others. */
export function ReportCard({
  report,
  part,
  findings,
}: {
  report: Report;
  part: CouncilPart;
  /** All of the council, for what an answer answers. */
  findings: readonly Finding[];
}) {
  const { Icon, word } = roles[report.role];
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
          <h4 className="text-sm font-semibold">{word}</h4>
          <Badge tone={report.verdict === "approve" ? "good" : "bad"}>
            {report.verdict === "approve" ? "approves" : "wants changes"}
          </Badge>
        </header>
        <Markdown text={report.summary} className="text-sm" />
        {report.findings.length > 0 && (
          <ul className="mt-3 flex flex-col gap-2">
            {report.findings.map((finding) => (
              <li key={finding.id}>
                <FindingCard finding={finding} />
              </li>
            ))}
          </ul>
        )}
        {report.responses.length > 0 && (
          <ul className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
            {report.responses.map((response) => {
              const about = findings.find(({ id }) => id === response.finding);
              const stance = stances[response.stance];
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
