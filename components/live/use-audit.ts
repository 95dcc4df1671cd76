"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf } from "#lib/client/refused.ts";
import type { AuditEntryView, Problem } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";

export interface AuditQuery {
  readonly actor: string | null;
  readonly action: string | null;
  readonly outcome: string | null;
  readonly since: string | null;
}

/** The audit log, newest first, as far as somebody scrolls back. The query stays the same. */
export function useAudit({ actor, action, outcome, since }: AuditQuery): {
  entries: readonly AuditEntryView[];
  /** Null where there is no more. */
  next: number | null;
  problem: Problem | null;
  earlier: () => void;
} {
  const store = useLive();
  const [entries, setEntries] = useState<readonly AuditEntryView[]>([]);
  /** Where the next page begins; undefined before the first one. */
  const [next, setNext] = useState<number | null | undefined>(undefined);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isReading = useRef(false);
  const earlier = useCallback(() => {
    if (isReading.current || next === null) return;
    isReading.current = true;
    const read = async () => {
      try {
        const query = { actor, action, outcome, since, before: next ?? null, limit: 100 };
        const page = await store.connection().read("audit", query);
        setEntries((known) => [...known, ...page.entries]);
        setNext(page.next);
        setProblem(null);
      } catch (error) {
        setProblem(problemOf(error));
      } finally {
        isReading.current = false;
      }
    };
    void read();
  }, [store, next, actor, action, outcome, since]);
  useEffect(() => {
    // The connection is made in an effect of the provider, which runs after those of its children.
    if (next === undefined) queueMicrotask(earlier);
  }, [next, earlier]);
  return { entries, next: next === undefined ? 0 : next, problem, earlier };
}
