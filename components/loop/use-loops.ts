"use client";

import { useMemo } from "react";
import { useModel } from "#components/live/use-model.ts";
import type { LoopView } from "#lib/contract/wire.ts";

/** The loops of one repository, or of all, newest first. */
export function useLoops(repository: string | null): { running: readonly LoopView[]; last: LoopView | null } {
  const loops = useModel((model) => model.loops);
  return useMemo(() => {
    const ours = [...(loops?.values() ?? [])]
      .filter((loop) => repository === null || loop.repository === repository)
      .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
    return {
      running: ours.filter(({ status }) => status === "running"),
      last: ours.find(({ status }) => status !== "running") ?? null,
    };
  }, [loops, repository]);
}
