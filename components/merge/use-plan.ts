"use client";

import { useModel } from "#components/live/use-model.ts";
import type { ReadState } from "#components/live/use-read.ts";
import { useRead } from "#components/live/use-read.ts";
import type { MergePlanView } from "#lib/contract/wire.ts";

/** What would land in which order, foreseen anew whenever the base or what is approved has moved. */
export function usePlan(repository: string): ReadState<MergePlanView> {
  const version = useModel((model) => {
    const moved = model.recent.findLast(
      (fact) =>
        fact.repository === repository && (fact.name === "base:moved" || fact.name === "merge:landed"),
    );
    const waiting = [...model.sessions.values()]
      .filter((each) => each.repository === repository && isWaiting(each.status))
      .map((each) => `${each.id} ${each.status} ${each.head ?? ""}`)
      .sort();
    return `${String(moved?.seq ?? 0)} ${waiting.join(" ")}`;
  });
  return useRead("merge-plan", { repository }, version ?? "");
}

function isWaiting(status: string): boolean {
  return status === "approved" || status === "outdated";
}
