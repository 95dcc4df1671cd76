"use client";

import { useMemo, useSyncExternalStore } from "react";
import type { RepositoryView } from "#lib/contract/wire.ts";
import { useModel } from "./use-model.ts";

const place = "amplify:repository";
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function read(): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}

function choose(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(place);
    else localStorage.setItem(place, id);
  } catch {
    return;
  }
  for (const listener of listeners) listener();
}

export interface RepositoryChoice {
  /** By name. */
  readonly all: readonly RepositoryView[];
  /** What board and backlog are narrowed to; null for all. The only one is always chosen. */
  readonly chosen: RepositoryView | null;
  readonly choose: (id: string | null) => void;
}

/** Which repository this browser looks at; kept over reloads, and gone with the repository. */
export function useRepositoryChoice(): RepositoryChoice {
  const repositories = useModel((model) => model.repositories);
  const kept = useSyncExternalStore(subscribe, read, () => null);
  return useMemo(() => {
    const all = [...(repositories?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name));
    const only = all.length === 1 ? all[0] : undefined;
    return { all, chosen: only ?? all.find(({ id }) => id === kept) ?? null, choose };
  }, [repositories, kept]);
}
