"use client";

import { useAttention } from "#components/live/use-attention.ts";
import { useModel } from "#components/live/use-model.ts";

/** How much waits for a person, for the navigation, the title and the icon. */
export function useCounts(): { attention: number; merges: number } {
  const attention = useAttention();
  const merges = useModel(
    (model) => [...model.sessions.values()].filter(({ status }) => status === "approved").length,
  );
  return { attention: attention?.length ?? 0, merges: merges ?? 0 };
}
