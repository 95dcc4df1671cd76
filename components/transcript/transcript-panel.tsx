"use client";

import { ChevronRight, Radio } from "lucide-react";
import { useState } from "react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { StepTranscriptView } from "./step-transcript-view.tsx";

/** The session's steps; one is open at a time, at first the newest, which goes on by itself. */
export function TranscriptPanel({ session, detail }: { session: SessionView; detail: SessionDetail | null }) {
  const [chosen, setChosen] = useState<number | null>(null);
  if (!detail) return <Placeholder lines={8} />;
  const { steps } = detail;
  const newest = steps.at(-1);
  if (!newest) {
    return (
      <Empty icon={Radio} title="No step has started">
        {session.status === "queued"
          ? "The session waits for a free slot."
          : "The transcript appears with the agent's first words."}
      </Empty>
    );
  }
  const shown = chosen ?? newest.number;
  return (
    <div className="flex h-full flex-col">
      {steps.length > 1 && (
        <ol
          aria-label="Steps"
          className="flex shrink-0 items-center gap-0.5 overflow-x-auto border-b border-line px-3 py-1.5 [scrollbar-width:thin] sm:px-4"
        >
          {steps.map(({ number, purpose, startedAt }, index) => (
            <li key={number} className="flex shrink-0 items-center">
              {index > 0 && <ChevronRight className="mx-0.5 size-3 text-faint" aria-hidden />}
              <button
                type="button"
                aria-pressed={number === shown}
                onClick={() => setChosen(number === newest.number ? null : number)}
                className={classNames(
                  "flex h-7 items-center gap-1.5 rounded-md px-2 text-xs pointer-coarse:h-10",
                  number === shown ? "bg-hover font-medium text-text" : "text-muted hover:text-text",
                )}
              >
                <span className="font-mono text-2xs text-faint">{number}</span>
                {visibleText(purpose)}
                <Since at={startedAt} className="text-2xs text-faint" />
              </button>
            </li>
          ))}
        </ol>
      )}
      <StepTranscriptView
        key={shown}
        log={{ session: session.id, stream: "stream", step: shown }}
        isLive={shown === newest.number && session.evidence.process === "alive"}
      />
    </div>
  );
}
