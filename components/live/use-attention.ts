"use client";

import { createAttentionReader } from "#lib/client/attention.ts";
import type { Attention } from "#lib/domain/attention.ts";
import { useModel } from "./use-model.ts";

// A page has one connection, and so one queue.
const read = createAttentionReader();

/** Everything that needs a person, what holds up most first; null until the first snapshot. */
export function useAttention(): readonly Attention[] | null {
  return useModel(read);
}
