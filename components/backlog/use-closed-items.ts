"use client";

import { useMemo } from "react";
import { useModel } from "#components/live/use-model.ts";
import type { ReadState } from "#components/live/use-read.ts";
import { useRead } from "#components/live/use-read.ts";
import type { ItemView, ReadOutput, RepositoryView } from "#lib/contract/wire.ts";

/** The closed items of a repository, newest first; read when they are asked for, and again when one was closed. */
export function useClosedItems(repository: RepositoryView): ReadState<readonly ItemView[]> {
  const version = useModel(
    (model) =>
      model.recent.findLast(({ name }) => name === "backlog:changed" || name === "merge:landed")?.seq ?? 0,
  );
  const state = useRead("items", { repository: repository.id, closed: true }, String(version));
  const { value } = state;
  const closed = useMemo(() => value && closedOf(value), [value]);
  return { ...state, value: closed };
}

function closedOf(items: ReadOutput<"items">): readonly ItemView[] {
  return items
    .filter(({ status }) => status === "closed")
    .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0));
}
