"use client";

import { useModel } from "#components/live/use-model.ts";

/** Changes whenever the base of a repository has moved, by a landing or by a person. */
export function useBaseMove(repository: string): number {
  return (
    useModel(
      (model) =>
        model.recent.findLast(
          (fact) =>
            fact.repository === repository && (fact.name === "base:moved" || fact.name === "merge:landed"),
        )?.seq ?? 0,
    ) ?? 0
  );
}
