import { roleWord, severityTone, stanceLook } from "#components/live/review-look.ts";
import { spotId } from "#components/live/use-spot.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Finding } from "#lib/domain/review.ts";
import type { Hearing } from "./hearing.ts";

interface FindingCardProps {
  finding: Finding;
  hearing: Hearing;
  /** Null where it stands nowhere else. */
  onDiff: ((id: string) => void) | null;
}

/** What is wrong, where, how bad, the evidence for it, and what became of it. */
export function FindingCard({ finding, hearing: { number, parts }, onDiff }: FindingCardProps) {
  const spot = `${String(number)}/${finding.id}`;
  const answers = parts.flatMap(({ reports }) =>
    reports.flatMap(({ role, responses }) =>
      responses.filter((each) => each.finding === finding.id).map(({ stance }) => ({ role, stance })),
    ),
  );
  const { id, file, lines, severity, category, claim, evidence } = finding;
  const place =
    lines === null ? file : `${file}:${lines[0] === lines[1] ? String(lines[0]) : lines.join("–")}`;
  return (
    <div
      id={onDiff ? spotId("review", spot) : undefined}
      tabIndex={-1}
      className="rounded-lg border border-line bg-bg px-3 py-2"
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
        <Badge tone={severityTone[severity]}>{severity}</Badge>
        <span className="text-faint">{category}</span>
        {onDiff ? (
          <button
            type="button"
            onClick={() => onDiff(spot)}
            className="min-w-0 text-left font-mono text-muted underline decoration-line-strong underline-offset-2 [overflow-wrap:anywhere] hover:text-text pointer-coarse:min-h-8"
          >
            {visibleText(place)}
            <span className="sr-only">, show {spot} in the diff</span>
          </button>
        ) : (
          <span className="min-w-0 font-mono text-muted [overflow-wrap:anywhere]">{visibleText(place)}</span>
        )}
        <span className="ml-auto font-mono text-faint">{id}</span>
      </div>
      <Markdown text={claim} className="mt-1 text-sm font-medium" />
      {evidence.trim() !== "" && <Markdown text={evidence} className="mt-1 text-xs text-muted" />}
      {answers.length > 0 && (
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-1.5 text-xs text-muted">
          {answers.map(({ role, stance }, index) => (
            <span key={index} className="inline-flex items-center gap-1.5">
              {roleWord[role]} <Badge tone={stanceLook[stance].tone}>{stanceLook[stance].word}</Badge>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
