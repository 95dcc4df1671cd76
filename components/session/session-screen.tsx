"use client";

import { SearchX } from "lucide-react";
import Link from "next/link";
import { Tabs } from "radix-ui";
import type { ComponentType, ReactNode } from "react";
import { useState } from "react";
import type { SessionDetail } from "#components/live/use-session.ts";
import type { Spot } from "#components/live/use-spot.ts";
import { useSession } from "#components/live/use-session.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import type { SessionView } from "#lib/contract/wire.ts";
import type { DispatchDialog } from "./session-actions.tsx";
import { SessionHeader } from "./session-header.tsx";
import type { TabName } from "./tabs.ts";
import { isTabName, tabWords } from "./tabs.ts";

export interface Panel {
  session: SessionView;
  /** Null until it was read. */
  detail: SessionDetail | null;
  /** What another panel pointed at in this one. */
  spot: Spot | null;
  onShow: (tab: TabName, id: string) => void;
}

interface SessionScreenProps {
  id: string;
  tab: string | undefined;
  /** A path of the diff to begin at. */
  file: string | undefined;
  Merge: ComponentType<{ session: SessionView; size?: "sm" | "md" }>;
  Dispatch: DispatchDialog;
  /** How its landing goes or went. */
  Landing: ComponentType<{ session: SessionView }>;
  /** What of its work was kept when its branch or worktree went. */
  Archives: ComponentType<{ session: SessionView }>;
  panels: Readonly<Record<TabName, ComponentType<Panel>>>;
}

/** In these its branch and worktree may be gone. */
const hasEnded: readonly SessionView["status"][] = ["stopped", "failed", "interrupted", "rejected", "merged"];

/** These show what is read with the session; the others read for themselves. */
const ofDetail: ReadonlySet<TabName> = new Set(["transcript", "review", "questions", "timeline"]);

export function SessionScreen(props: SessionScreenProps) {
  const { id, tab, file, Merge, Dispatch, Landing, Archives, panels } = props;
  const { session, detail } = useSession(id);
  const [shown, setShown] = useState<TabName>(isTabName(tab) ? tab : "transcript");
  const [spot, setSpot] = useState<(Spot & { tab: TabName }) | null>(
    file === undefined ? null : { tab: "diff", id: file, jump: 0 },
  );
  const [visited, setVisited] = useState<ReadonlySet<TabName>>(new Set([shown]));
  if (!session) {
    if (!detail.problem) return <Placeholder lines={6} />;
    return detail.problem.code === "not-found" ? (
      <Empty icon={SearchX} title="There is no such session">
        <Link href="/" className="text-accent underline underline-offset-2">
          Back to the board
        </Link>
      </Empty>
    ) : (
      <div className="p-4">
        <Trouble message={detail.problem.message} fix={detail.problem.fix} />
      </div>
    );
  }
  // Nobody waits for what was refused: that is said above.
  const isUnread = detail.value === null && detail.problem !== null;
  const show = (name: string) => {
    if (!isTabName(name)) return;
    setShown(name);
    setVisited((old) => new Set(old).add(name));
    window.history.replaceState(null, "", `?tab=${name}`);
  };
  const point = (name: TabName, place: string) => {
    show(name);
    setSpot((old) => ({ tab: name, id: place, jump: (old?.jump ?? 0) + 1 }));
  };
  return (
    <Tabs.Root value={shown} onValueChange={show} className="flex h-full flex-col">
      <SessionHeader
        session={session}
        Merge={Merge}
        Dispatch={Dispatch}
        overrule={detail.value?.council.overrule ?? null}
      />
      <Landing session={session} />
      {hasEnded.includes(session.status) && <Archives session={session} />}
      <Tabs.List
        aria-label="Session"
        className="flex shrink-0 overflow-x-auto border-b border-line bg-surface px-1.5 [scrollbar-width:none] sm:px-3"
      >
        {tabWords.map(([name, word]) => (
          <Tabs.Trigger
            key={name}
            value={name}
            // On a phone the last ones lie beyond the edge.
            ref={(tab) => {
              if (name === shown) tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
            }}
            className="relative flex h-10 shrink-0 items-center gap-1 px-1.5 text-sm sm:gap-1.5 sm:px-2 text-muted outline-offset-[-2px] after:absolute after:inset-x-1.5 sm:after:inset-x-2 after:-bottom-px after:h-0.5 after:rounded-full hover:text-text data-[state=active]:font-medium data-[state=active]:text-text data-[state=active]:after:bg-accent pointer-coarse:h-11"
          >
            {word}
            <TabMark name={name} session={session} detail={detail.value} />
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {detail.problem && (
        <div className="p-3">
          <Trouble message={detail.problem.message} fix={detail.problem.fix} />
        </div>
      )}
      {tabWords.map(([name]) => {
        const Content = panels[name];
        return (
          <Tabs.Content
            key={name}
            value={name}
            {...(visited.has(name) ? { forceMount: true as const } : {})}
            tabIndex={-1}
            className={classNames("min-h-0 flex-1 outline-none", shown !== name && "hidden")}
          >
            {visited.has(name) && !(isUnread && ofDetail.has(name)) && (
              <Content
                session={session}
                detail={detail.value}
                spot={spot?.tab === name ? spot : null}
                onShow={point}
              />
            )}
          </Tabs.Content>
        );
      })}
    </Tabs.Root>
  );
}

/** A count where there is something to see, amber where it waits for a person. */
function TabMark({
  name,
  session,
  detail,
}: {
  name: TabName;
  session: SessionView;
  detail: SessionDetail | null;
}): ReactNode {
  if (name === "questions" && session.openQuestions > 0) {
    return (
      <span className="min-w-4 rounded-full bg-attention-solid px-1 text-center text-2xs leading-4 font-semibold text-on-attention">
        {session.openQuestions}
      </span>
    );
  }
  const count =
    name === "diff" ? session.changes?.files : name === "review" ? detail?.reviews.length : undefined;
  return count !== undefined && count > 0 && <span className="text-2xs text-faint">{count}</span>;
}
