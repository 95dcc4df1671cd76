import { Badge } from "#components/ui/badge.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Finding, Severity } from "#lib/domain/review.ts";

const tones: Readonly<Record<Severity, Tone>> = {
  blocker: "bad",
  major: "attention",
  minor: "info",
  nit: "neutral",
};

/** What is wrong, where, how bad, and the evidence for it. */
export function FindingCard({ finding }: { finding: Finding }) {
  const { id, file, lines, severity, category, claim, evidence } = finding;
  const place =
    lines === null ? file : `${file}:${lines[0] === lines[1] ? String(lines[0]) : lines.join("–")}`;
  return (
    <div className="rounded-lg border border-line bg-bg px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
        <Badge tone={tones[severity]}>{severity}</Badge>
        <span className="text-faint">{category}</span>
        <span className="min-w-0 font-mono text-muted [overflow-wrap:anywhere]">{visibleText(place)}</span>
        <span className="ml-auto font-mono text-faint">{id}</span>
      </div>
      <Markdown text={claim} className="mt-1 text-sm font-medium" />
      {evidence.trim() !== "" && <Markdown text={evidence} className="mt-1 text-xs text-muted" />}
    </div>
  );
}
