"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { Radio } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { Empty } from "#components/ui/empty.tsx";
import { FollowButton } from "#components/ui/follow-button.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { useFollow } from "#components/ui/use-follow.ts";
import type { LogRef } from "#lib/contract/wire.ts";
import { EntryRow } from "./entry-row.tsx";
import { useStepTranscript } from "./use-step-transcript.ts";

/** One step's transcript, windowed; it stays at the end while the agent works. */
export function StepTranscriptView({ log, isLive }: { log: LogRef; isLive: boolean }) {
  const { transcript, problem, isCut, hasBegun } = useStepTranscript(log);
  const { entries } = transcript;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer draws this component itself
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (entries[index]?.kind === "text" ? 72 : 30),
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 12,
    paddingStart: 12,
    paddingEnd: 20,
  });
  const { following, follow } = useFollow(scroller, virtualizer.getTotalSize(), () => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  });
  const toggle = useCallback((key: string) => {
    setOpened((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="Transcript"
        aria-live="off"
        className="h-full overflow-y-auto outline-offset-[-2px]"
      >
        {problem && (
          <div className="p-4">
            <Trouble message={problem.message} fix={problem.fix} />
          </div>
        )}
        {!hasBegun && !problem && <Placeholder lines={isLive ? 3 : 6} />}
        {hasBegun && entries.length === 0 && (
          <Empty icon={Radio} title="Nothing said yet">
            The agent has started; its first words appear here.
          </Empty>
        )}
        {isCut && (
          <p className="px-6 pt-3 text-center text-xs text-faint">
            The beginning of this step is longer than what is shown here; its whole log is in the session
            directory.
          </p>
        )}
        <div
          className="relative mx-auto max-w-4xl px-3 sm:px-5"
          style={{ height: entries.length === 0 ? 0 : virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const entry = entries[index];
            return (
              entry && (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className="absolute inset-x-3 top-0 sm:inset-x-5"
                  style={{ transform: `translateY(${String(start)}px)` }}
                >
                  <EntryRow entry={entry} opened={opened} onToggle={toggle} isLive={isLive} />
                </div>
              )
            );
          })}
        </div>
      </div>
      {!following && <FollowButton onClick={follow} />}
    </div>
  );
}
