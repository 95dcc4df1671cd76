"use client";

import { useEffect, useEffectEvent } from "react";
import type { LogChunk } from "#lib/client/log-tail.ts";
import { problemOf } from "#lib/client/refused.ts";
import type { LogRef, Problem } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";

export type { LogChunk } from "#lib/client/log-tail.ts";

interface LogHandlers {
  readonly onChunk: (chunk: LogChunk) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** Follows a log while the component is shown; null follows nothing. Begins with the last `limit` bytes. */
export function useLog(ref: LogRef | null, limit: number, handlers: LogHandlers): void {
  const store = useLive();
  const onChunk = useEffectEvent(handlers.onChunk);
  const onProblem = useEffectEvent(handlers.onProblem);
  const key = ref && JSON.stringify(ref);
  useEffect(() => {
    if (key === null) return;
    let stop: (() => void) | null = null;
    let isOver = false;
    queueMicrotask(() => {
      if (isOver) return;
      stop = store.connection().followLog(
        JSON.parse(key) as LogRef,
        { offset: null, limit },
        {
          onChunk: (chunk) => {
            if (!isOver) onChunk(chunk);
          },
          onError: (error) => {
            if (!isOver) onProblem(problemOf(error));
          },
        },
      );
    });
    return () => {
      isOver = true;
      stop?.();
    };
  }, [store, key, limit]);
}

/** Reads the window that ends where `before` begins. */
export function useEarlierLog(ref: LogRef): (before: number, limit: number) => Promise<LogChunk> {
  const store = useLive();
  return async (before, limit) => {
    const offset = Math.max(0, before - limit);
    const window = await store.connection().readLog({ ...ref, offset, limit: before - offset });
    return { kind: "text", offset: window.offset, next: window.next, text: window.text };
  };
}
