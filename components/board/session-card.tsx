import Link from "next/link";
import { memo } from "react";
import { needsPerson, statusLook } from "#components/live/status-look.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { Since } from "#components/ui/since.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import type { BoardActions } from "./board-actions.ts";
import { CardFrame } from "./card-frame.tsx";
import { CardEvidence } from "./card-evidence.tsx";
import { CardHead } from "./card-head.tsx";
import { CardOverlap } from "./card-overlap.tsx";

/** A session at a glance: what, how it stands and since when, and how we know. */
export const SessionCard = memo(function SessionCard({
  session,
  isMixed,
  Merge,
}: {
  session: SessionView;
  isMixed: boolean;
  Merge: BoardActions["Merge"];
}) {
  const { item, agent, changes, openQuestions } = session;
  const isDone = session.status === "merged" || session.status === "stopped";
  const tab = openQuestions > 0 ? "?tab=questions" : session.status === "rejected" ? "?tab=review" : "";
  return (
    <CardFrame urgent={needsPerson(session)} quiet={isDone} testId="session-card">
      <CardHead item={item} repository={isMixed ? session.repository : null} />
      <Link
        data-nav
        href={`/sessions/${session.id}${tab}`}
        className="line-clamp-2 text-sm leading-[1.35] font-medium outline-none after:absolute after:inset-0"
      >
        <span className={isDone ? "font-normal text-muted" : ""}>{visibleText(item.title)}</span>
      </Link>
      <div className="flex items-center gap-2">
        <Status {...statusLook(session)} className="min-w-0 truncate" />
        {openQuestions > 1 && <span className="text-xs text-attention">{openQuestions} questions</span>}
        <Since at={session.since} className="ml-auto text-2xs whitespace-nowrap text-faint" />
      </div>
      <CardEvidence session={session} />
      {!isDone && <CardOverlap session={session} />}
      {!isDone && (
        <div className="flex min-h-4 items-center gap-2 text-2xs text-faint">
          <span className="min-w-0 truncate">{agent.type}</span>
          {session.round > 0 && <span className="whitespace-nowrap">round {session.round + 1}</span>}
          <span className="ml-auto">{changes && <ChangeSize {...changes} />}</span>
        </div>
      )}
      {(session.status === "approved" || session.status === "merging") && (
        <div className="relative z-10 mt-0.5">
          <Merge session={session} />
        </div>
      )}
    </CardFrame>
  );
});
