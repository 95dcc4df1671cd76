"use client";

import { useRef, useSyncExternalStore } from "react";
import type { Model } from "#lib/client/model.ts";
import { useLive } from "./live-provider.tsx";
import type { Line } from "./live-store.ts";

/**
 * A part of the model; null until the first snapshot. Draws again only when the part changed, so `select` should
 * give views as they are in the model, or a list of them.
 */
export function useModel<Part>(select: (model: Model) => Part): Part | null {
  const store = useLive();
  return useSelected(store.subscribe, store.model, select);
}

/** The same for any whole that is replaced and never changed. */
export function useSelected<Whole, Part>(
  subscribe: (listener: () => void) => () => void,
  whole: () => Whole | null,
  select: (whole: Whole) => Part,
): Part | null {
  const last = useRef<{ part: Part } | null>(null);
  const read = () => {
    const current = whole();
    if (!current) return null;
    const part = select(current);
    if (last.current && isSame(last.current.part, part)) return last.current.part;
    last.current = { part };
    return part;
  };
  return useSyncExternalStore(subscribe, read, () => null);
}

export function useLine(): Line {
  const store = useLive();
  return useSyncExternalStore(store.subscribe, store.line, store.line);
}

/** Equal itself, or lists of the same things. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((each, index) => Object.is(each, b[index]));
}
