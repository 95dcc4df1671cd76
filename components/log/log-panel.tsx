"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { Terminal } from "lucide-react";
import { useRef, useState } from "react";
import { useEarlierLog, useLog } from "#components/live/use-log.ts";
import { AnsiText } from "#components/ui/ansi-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Copy } from "#components/ui/copy.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { FollowButton } from "#components/ui/follow-button.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { useFollow } from "#components/ui/use-follow.ts";
import type { LogRef, Problem, SessionView } from "#lib/contract/wire.ts";
import { appended, noLines, prepended } from "./log-lines.ts";

const windowBytes = 262_144;

/** The raw log: the newest window, earlier ones on demand, what comes at its end. */
export function LogPanel({ session }: { session: SessionView }) {
  const ref: LogRef = { session: session.id, stream: "output", step: 0 };
  const [log, setLog] = useState(noLines);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setLoading] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const readEarlier = useEarlierLog(ref);
  useLog(ref, windowBytes, {
    onChunk: (chunk) => {
      setProblem(null);
      setLog((old) => appended(old, chunk));
    },
    onProblem: setProblem,
  });
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer draws this component itself
  const virtualizer = useVirtualizer({
    count: log.lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    getItemKey: (index) => log.firstKey + index,
    overscan: 30,
    paddingStart: 8,
    paddingEnd: 24,
  });
  const { following, follow } = useFollow(scroller, virtualizer.getTotalSize(), () => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  });
  const loadEarlier = async () => {
    setLoading(true);
    try {
      const chunk = await readEarlier(log.first, windowBytes);
      const longer = prepended(log, chunk);
      setLog((old) => prepended(old, chunk));
      // Keeps the line that was on top where it was.
      scroller.current?.scrollBy({ top: (longer.lines.length - log.lines.length) * 20 });
    } finally {
      setLoading(false);
    }
  };
  return (
    <div className="relative flex h-full flex-col bg-surface">
      <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line px-4 text-xs text-faint">
        <span>{log.lines.length.toLocaleString("en")} lines</span>
        {log.first > 0 && (
          <Button kind="quiet" busy={isLoading} onClick={() => void loadEarlier()}>
            Load earlier ({Math.ceil(log.first / 1024).toLocaleString("en")} KB)
          </Button>
        )}
        <span className="ml-auto flex min-w-0 max-sm:hidden">
          <Copy value={`${session.directory}/output.log`} label="path of the log" shown="output.log" />
        </span>
      </div>
      <div
        ref={scroller}
        role="log"
        aria-label="Output"
        aria-live="off"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]"
      >
        {problem && (
          <div className="p-4">
            <Trouble message={problem.message} fix={problem.fix} />
          </div>
        )}
        {log.lines.length === 0 && !problem && (
          <Empty icon={Terminal} title="No output yet">
            Everything that the session prints appears here.
          </Empty>
        )}
        <div className="relative font-mono text-xs" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0 min-h-5 px-4 leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
              style={{ transform: `translateY(${String(start)}px)` }}
            >
              <AnsiText line={log.lines[index] ?? ""} />
            </div>
          ))}
        </div>
      </div>
      {!following && <FollowButton onClick={follow} />}
    </div>
  );
}
