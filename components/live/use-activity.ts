"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf } from "#lib/client/refused.ts";
import type { ActivityView, Problem, ReadInput } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";

const pageSize = 100;

interface Known {
  /** All that was told, newest first and without a hole. */
  readonly live: readonly ActivityView[];
  /** What was read of the time before: only what was asked for. */
  readonly past: readonly ActivityView[];
  /** Where the next page begins; null where there is none. */
  readonly next: number | null;
}

export interface Activity {
  readonly known: Known | null;
  readonly problem: Problem | null;
  /** Reads the page before; one at a time. */
  readonly earlier: () => void;
}

/** What happened, as it happens, and what happened before as far as somebody scrolls back. The query stays the same. */
export function useActivity({
  repository,
  people,
}: Pick<ReadInput<"activity">, "repository" | "people">): Activity {
  const store = useLive();
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isReading = useRef(false);

  useEffect(() => {
    const take = () => {
      const recent = store.model()?.recent;
      if (recent) setKnown((old) => joined(old, recent));
    };
    take();
    return store.subscribe(take);
  }, [store]);

  const next = known?.next ?? null;
  const earlier = useCallback(() => {
    if (isReading.current || next === null) return;
    isReading.current = true;
    const read = async () => {
      try {
        const query = {
          repository: repository ?? null,
          people: people ?? false,
          before: next,
          limit: pageSize,
        };
        const page = await store.connection().read("activity", query);
        setKnown((old) =>
          old?.next === next ? { ...old, past: [...old.past, ...page.facts], next: page.next } : old,
        );
        setProblem(null);
      } catch (error) {
        setProblem(problemOf(error));
      } finally {
        isReading.current = false;
      }
    };
    void read();
  }, [store, next, repository, people]);

  return { known, problem, earlier };
}

/** `recent` is oldest first. Where it does not join on, what was known is let go: it is read again when it is wanted. */
export function joined(known: Known | null, recent: readonly ActivityView[]): Known {
  const newest = known?.live[0]?.seq ?? 0;
  const news = recent.filter(({ seq }) => seq > newest).reverse();
  if (known && news.length === 0) return known;
  const first = news.at(-1)?.seq ?? 1;
  if (known && first === newest + 1) return { ...known, live: [...news, ...known.live] };
  return { live: news, past: [], next: first > 1 ? first : null };
}
