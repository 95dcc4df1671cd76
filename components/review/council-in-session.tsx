"use client";

import { Scale } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView, SittingView } from "#lib/contract/wire.ts";
import { outcomesOf } from "#lib/domain/earlier-findings.ts";
import { Conversation, partWords } from "./conversation.tsx";
import { EarlierList } from "./earlier-list.tsx";
import { SittingLimits } from "./sitting-limits.tsx";

interface CouncilInSessionProps {
  session: SessionView;
  detail: SessionDetail;
  sitting: SittingView;
  onDiff: (id: string) => void;
}

/** The council that is being held now: what it is at, what it may still use up, and what was said so far. */
export function CouncilInSession({ session, detail, sitting, onDiff }: CouncilInSessionProps) {
  const { number, part, flaw, parts, carried, base, head, startedAt } = sitting;
  const isWaiting = session.status === "waiting";
  const step = detail.steps.at(-1);
  return (
    <section aria-label="Council in session">
      <header className="rounded-xl bg-review-soft px-4 py-3">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Scale className="breathe size-4.5 text-review" aria-hidden />
          <h2 className="font-semibold text-review">The council is in session</h2>
          <Badge tone={isWaiting ? "attention" : "neutral"}>
            {isWaiting ? "waits for an answer" : partWords[part].toLowerCase()}
          </Badge>
          <span className="ml-auto text-xs text-muted">
            Round {session.round + 1} · began <Since at={startedAt} /> ago
          </span>
        </div>
        <p className="mt-1 text-xs text-muted">
          It looks at exactly{" "}
          <span className="font-mono">
            {base.slice(0, 9)}…{head.slice(0, 9)}
          </span>
          {step && !isWaiting && (
            <>
              {" "}
              · {visibleText(step.purpose)}, for <Since at={step.startedAt} />
            </>
          )}
        </p>
        {flaw !== null && (
          <p className="mt-1 text-sm [overflow-wrap:anywhere]">
            Asked once more, since {visibleText(flaw)}. A second time there is no verdict.
          </p>
        )}
        <SittingLimits session={session} sitting={sitting} council={detail.council} />
      </header>
      <EarlierList review={{ number, parts, earlier: outcomesOf(carried, parts) }} />
      <Conversation council={sitting} onDiff={onDiff} />
      {parts.length === 0 && sitting.uncounted.length === 0 && (
        <p className="py-6 text-center text-sm text-muted">
          Nobody has reported yet. Each report appears here as soon as its part is held.
        </p>
      )}
    </section>
  );
}
