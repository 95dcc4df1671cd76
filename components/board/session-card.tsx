import Link from "next/link";
import { memo } from "react";
import { needsPerson, statusLook } from "#components/live/status-look.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { Priority } from "#components/ui/priority.tsx";
import { Since } from "#components/ui/since.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import type { BoardActions } from "./board-actions.ts";
import { CardFrame } from "./card-frame.tsx";
import { CardEvidence } from "./card-evidence.tsx";

/** A session at a glance: what, how it stands and since when, and how we know. */
export const SessionCard = memo(function SessionCard({
  session,
  Merge,
}: {
  session: SessionView;
  Merge: BoardActions["Merge"];
}) {
  const { item, agent, changes, openQuestions } = session;
  const isDone = session.status === "merged" || session.status === "stopped";
  const tab = openQuestions > 0 ? "?tab=questions" : session.status === "rejected" ? "?tab=review" : "";
  return (
    <CardFrame urgent={needsPerson(session)} quiet={isDone} testId="session-card">
      <div className="flex items-center gap-2">
        <span className="min-w-0 truncate font-mono text-2xs text-faint">{item.id}</span>
        <Priority level={item.priority} />
        <span className="ml-auto truncate text-2xs text-faint">{item.type}</span>
      </div>
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
