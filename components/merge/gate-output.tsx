"use client";

import { useRef, useState } from "react";
import { useLog } from "#components/live/use-log.ts";
import { AnsiText } from "#components/ui/ansi-text.tsx";
import { FollowButton } from "#components/ui/follow-button.tsx";
import { useFollow } from "#components/ui/use-follow.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** The end of a log is what people look at while it runs; all of it is in the file. */
const shownLines = 300;
const windowBytes = 32_768;
const longestLine = 4_000;

interface Tail {
  /** Number of the first line that is kept; keys stay as lines move up. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** What the gate's commands print, as they print it. */
export default function GateOutput({ session, log }: { session: SessionView["id"]; log: number }) {
  const [tail, setTail] = useState<Tail>({ first: 0, lines: [""] });
  const [problem, setProblem] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const end = tail.first + tail.lines.length;
  const { following, follow } = useFollow(scroller, end, () => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  });
  useLog({ session, stream: "gate", step: log }, windowBytes, {
    onChunk: (chunk) => {
      setProblem(null);
      setTail((old) => (chunk.kind === "text" ? appended(old, chunk.text) : { first: 0, lines: [""] }));
    },
    onProblem: ({ message }) => setProblem(message),
  });
  const isEmpty = tail.lines.length === 1 && tail.lines[0] === "";
  return (
    <div className="relative mt-3 overflow-hidden rounded-lg border border-line bg-sunken">
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="Output of the gate"
        data-testid="gate-output"
        className="max-h-64 overflow-auto px-3 py-2 font-mono text-xs leading-[1.5]"
      >
        {problem !== null ? (
          <p className="text-muted">{problem}</p>
        ) : isEmpty ? (
          <p className="text-faint">Nothing printed yet.</p>
        ) : (
          shownOf(tail).map((line, index) => (
            <div key={tail.first + index} className="min-h-[1.5em] whitespace-pre">
              <AnsiText line={line.slice(0, longestLine)} />
            </div>
          ))
        )}
      </div>
      {!following && <FollowButton onClick={follow} />}
    </div>
  );
}

/** Without the line that has not begun. */
function shownOf({ lines }: Tail): readonly string[] {
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function appended(old: Tail, text: string): Tail {
  const [head = "", ...rest] = text.split("\n");
  const lines = [...old.lines.slice(0, -1), `${old.lines.at(-1) ?? ""}${head}`, ...rest];
  const surplus = Math.max(0, lines.length - shownLines);
  return { first: old.first + surplus, lines: lines.slice(surplus) };
}
