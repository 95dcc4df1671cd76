"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ComponentType } from "react";
import { useState } from "react";
import { statusLook } from "#components/live/status-look.ts";
import { ChangeSize } from "#components/ui/change-size.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Copy } from "#components/ui/copy.tsx";
import { Cost } from "#components/ui/cost.tsx";
import { Priority } from "#components/ui/priority.tsx";
import { Since } from "#components/ui/since.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { Evidence } from "./evidence.tsx";
import { OverlapNote } from "./overlap-note.tsx";
import { ReasonNote } from "./reason-note.tsx";
import { type DispatchDialog, type OverrulePolicy, SessionActions } from "./session-actions.tsx";
import { Watchers } from "./watchers.tsx";

export function SessionHeader({
  session,
  Merge,
  Dispatch,
  overrule,
}: {
  session: SessionView;
  /** Who may decide against the council; null until it was read. */
  overrule: OverrulePolicy | null;
  Merge: ComponentType<{ session: SessionView; size?: "sm" | "md" }>;
  Dispatch: DispatchDialog;
}) {
  const { item, agent, branch, base, head, changes, costUsd } = session;
  const [isWhole, setWhole] = useState(false);
  return (
    <header className="shrink-0 bg-surface px-4 pt-3 pb-2 max-sm:pt-2 max-sm:pb-1 sm:px-5">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <nav aria-label="Where" className="flex items-center gap-1.5 text-xs text-faint [&>*]:leading-none">
            <Link href="/" className="hover:text-text">
              Board
            </Link>
            <ChevronRight className="size-3" aria-hidden />
            <Link
              href={`/backlog?item=${encodeURIComponent(item.id)}&repository=${encodeURIComponent(session.repository)}`}
              className="font-mono text-2xs hover:text-text"
            >
              {item.id}
            </Link>
            <Priority level={item.priority} />
            <span>{item.type}</span>
            <button
              type="button"
              aria-expanded={isWhole}
              onClick={() => setWhole(!isWhole)}
              className="ml-auto flex h-8 items-center gap-1 px-1 text-muted sm:hidden"
            >
              Details
              <ChevronDown
                className={classNames("size-3 transition-transform", isWhole && "rotate-180")}
                aria-hidden
              />
            </button>
          </nav>
          <h1
            className={classNames(
              "mt-0.5 text-lg leading-snug font-semibold tracking-tight [overflow-wrap:anywhere] max-sm:text-base",
              !isWhole && "max-sm:line-clamp-2",
            )}
          >
            {visibleText(item.title)}
          </h1>
        </div>
        <div className="flex flex-wrap items-center gap-2 max-sm:w-full max-sm:[&_button]:h-10">
          {(session.status === "approved" || session.status === "merging") && (
            <Merge session={session} size="md" />
          )}
          <SessionActions session={session} overrule={overrule} Dispatch={Dispatch} />
        </div>
      </div>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        <span className="inline-flex items-center gap-1.5">
          <Status {...statusLook(session)} /> <Since at={session.since} />
        </span>
        {session.overruled && <span>by {visibleText(session.overruled.by)}, against the council</span>}
        <Evidence session={session} />
        <Watchers session={session.id} />
      </div>
      <ReasonNote session={session} />
      <OverlapNote session={session} />
      <dl
        className={classNames(
          "mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted [&_dt]:text-faint [&>div]:flex [&>div]:items-center [&>div]:gap-1.5",
          !isWhole && "max-sm:hidden",
        )}
      >
        <div title={agent.why}>
          <dt>Agent</dt>
          <dd>
            {agent.type} · {agent.cli}
          </dd>
        </div>
        <div className="min-w-0">
          <dt>Branch</dt>
          <dd className="flex min-w-0">
            <Copy value={branch} label="branch" />
          </dd>
        </div>
        {base && head && (
          <div>
            <dt>Change</dt>
            <dd className="font-mono">
              {base.slice(0, 7)}…{head.slice(0, 7)}
            </dd>
            {changes && (
              <dd>
                <ChangeSize {...changes} />
              </dd>
            )}
          </div>
        )}
        {session.round > 0 && (
          <div>
            <dt>Round</dt>
            <dd>{session.round + 1}</dd>
          </div>
        )}
        <div>
          <dt>Cost, estimated</dt>
          <dd>
            <Cost usd={costUsd} />
          </dd>
        </div>
        <div className="min-w-0 max-md:hidden">
          <dt>Files</dt>
          <dd className="flex max-w-60 min-w-0">
            <Copy value={session.directory} label="session directory" shown="session directory" />
          </dd>
        </div>
      </dl>
    </header>
  );
}
