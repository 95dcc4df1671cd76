"use client";

import { useModel } from "#components/live/use-model.ts";
import type { ReadState } from "#components/live/use-read.ts";
import { useRead } from "#components/live/use-read.ts";
import type { MergePlanView } from "#lib/contract/wire.ts";
import { useBaseMove } from "./use-base-move.ts";

/** What would land in which order, foreseen anew whenever the base or what is approved has moved. */
export function usePlan(repository: string): ReadState<MergePlanView> {
  const moved = useBaseMove(repository);
  const waiting = useModel((model) =>
    [...model.sessions.values()]
      .filter((each) => each.repository === repository && isWaiting(each.status))
      .map((each) => `${each.id} ${each.status} ${each.head ?? ""}`)
      .sort()
      .join(" "),
  );
  return useRead("merge-plan", { repository }, `${String(moved)} ${waiting ?? ""}`);
}

function isWaiting(status: string): boolean {
  return status === "approved" || status === "outdated";
}
