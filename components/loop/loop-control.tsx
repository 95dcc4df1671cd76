"use client";

import { Repeat } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { LoopLine } from "./loop-line.tsx";
import { useLoops } from "./use-loops.ts";

const StartLoopDialog = dynamic(() => import("./start-loop-dialog.tsx"), { ssr: false });
const LoopDialog = dynamic(() => import("./loop-dialog.tsx"), { ssr: false });

/** Starts working through the backlog, and says calmly how that goes. */
export function LoopControl() {
  const { chosen, all } = useRepositoryChoice();
  const { running, last } = useLoops(chosen?.id ?? null);
  const may = useMay();
  const [starting, setStarting] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const isEverywhere = all.every(({ id }) =>
    running.some((loop) => loop.repository === id && loop.project === null),
  );
  const canStart = chosen ? !running.some(({ project }) => project === null) : !isEverywhere;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2">
      <div className="flex min-w-0 flex-1 items-center gap-1 overflow-hidden">
        {running.map((loop) => (
          <LoopLine key={loop.id} loop={loop} onShow={() => setShown(loop.id)} />
        ))}
        {running.length === 0 && last && (
          <button
            type="button"
            onClick={() => setShown(last.id)}
            className="min-w-0 truncate rounded px-1.5 py-1 text-left text-xs text-muted hover:bg-hover hover:text-text"
          >
            {visibleText(last.reason ?? "The loop ended.")}{" "}
            <span className="text-faint">
              <Since at={last.endedAt ?? last.startedAt} /> ago
            </span>
          </button>
        )}
      </div>
      {canStart && (
        <MayButton
          whyNot={may.whyNot("loop:start")}
          onClick={() => setStarting(true)}
          kind={running.length > 0 ? "quiet" : "plain"}
        >
          <Repeat aria-hidden />
          <span className={running.length > 0 ? "max-sm:sr-only" : ""}>Work through the backlog</span>
        </MayButton>
      )}
      {starting && <StartLoopDialog onClose={() => setStarting(false)} />}
      {shown !== null && <LoopDialog id={shown} onClose={() => setShown(null)} />}
    </div>
  );
}
