import { CircleCheck, CircleHelp, CircleX } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Cost } from "#components/ui/cost.tsx";
import { Since, duration } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { heardParts } from "#lib/domain/heard-parts.ts";
import { openFindings } from "#lib/domain/open-findings.ts";
import type { Review } from "#lib/domain/review.ts";
import { Conversation } from "./conversation.tsx";
import { CouncilProof } from "./council-proof.tsx";
import { EarlierList } from "./earlier-list.tsx";
import { WaysOn } from "./ways-on.tsx";

const verdicts = {
  approved: { Icon: CircleCheck, text: "text-good", fill: "bg-good-soft", word: "Approved" },
  rejected: { Icon: CircleX, text: "text-bad", fill: "bg-bad-soft", word: "Rejected" },
  "no-verdict": { Icon: CircleHelp, text: "text-attention", fill: "bg-attention-soft", word: "No verdict" },
} as const;

/** One council as it was held: the verdict on top, then what was said, in its order. */
export function Council({
  review,
  isCurrent,
  waysOn,
  onDiff,
}: {
  review: Review;
  isCurrent: boolean;
  /** Who may decide in its place, where it came to no verdict and a person has to. */
  waysOn: SessionDetail["council"]["overrule"] | null;
  onDiff: (id: string) => void;
}) {
  const { Icon, text, fill, word } = verdicts[review.verdict];
  const heard = heardParts(review);
  const open = openFindings(heard).length;
  const findings = heard.flatMap(({ reports }) => reports.flatMap((report) => report.findings));
  return (
    <section aria-label={`Council of round ${String(review.round + 1)}`}>
      <header className={classNames("rounded-xl px-4 py-3", fill)}>
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Icon className={classNames("size-4.5", text)} aria-hidden />
          <h2 className={classNames("font-semibold", text)}>{word}</h2>
          {review.by && <span className="text-sm text-muted">by {review.by}</span>}
          {!isCurrent && <Badge tone="neutral">an earlier change</Badge>}
          <span className="ml-auto text-xs text-muted">
            Round {review.round + 1} · <Since at={review.endedAt} /> ago · took{" "}
            {duration(Date.parse(review.endedAt) - Date.parse(review.startedAt))} ·{" "}
            <Cost usd={review.costUsd} />
          </span>
        </div>
        <p className="mt-1 text-xs text-muted">
          {review.verdict === "no-verdict" ? "It looked at exactly" : "Holds for exactly"}{" "}
          <span className="font-mono">
            {review.base.slice(0, 9)}…{review.head.slice(0, 9)}
          </span>
          {" · "}
          {findings.length === 0
            ? "no findings"
            : `${String(findings.length)} ${findings.length === 1 ? "finding" : "findings"}, ${open === 0 ? "all settled" : `${String(open)} open`}`}
        </p>
        {review.reason !== null && (
          <p className="mt-1 text-sm [overflow-wrap:anywhere]">{visibleText(review.reason)}</p>
        )}
        {waysOn !== null && <WaysOn overrule={waysOn} />}
        <CouncilProof review={review} />
      </header>
      <EarlierList review={review} />
      <Conversation council={review} onDiff={onDiff} />
    </section>
  );
}
