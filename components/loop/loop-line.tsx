"use client";

import { useMemo } from "react";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { LoopView } from "#lib/contract/wire.ts";
import { describeProgress, loopProgress, scopeOf } from "./loop-progress.ts";

/** A running loop in one line; a click shows the rest. */
export function LoopLine({ loop, onShow }: { loop: LoopView; onShow: () => void }) {
  const sessions = useModel((model) => model.sessions);
  const { all, chosen } = useRepositoryChoice();
  const progress = useMemo(() => loopProgress(loop, sessions?.values() ?? []), [loop, sessions]);
  const repository = chosen ? undefined : all.find(({ id }) => id === loop.repository)?.name;
  return (
    <button
      type="button"
      onClick={onShow}
      className="flex min-w-0 items-center gap-2 rounded-md px-1.5 py-1 text-left text-xs hover:bg-hover pointer-coarse:h-10"
    >
      <span aria-hidden className="breathe size-1.5 shrink-0 rounded-full bg-info" />
      <span className="shrink-0 font-medium">
        Working through {visibleText(scopeOf(loop))}
        {repository !== undefined && <span className="text-muted"> of {visibleText(repository)}</span>}
      </span>
      <span className="min-w-0 truncate text-muted">{describeProgress(progress)}</span>
      <span className="text-faint whitespace-nowrap max-md:hidden">
        {loop.landing === "auto" ? "lands by itself" : "asks before landing"}
      </span>
    </button>
  );
}
