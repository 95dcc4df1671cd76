"use client";

import { useModel } from "#components/live/use-model.ts";

/** How much waits for a person, for the navigation, the title and the icon. */
export function useCounts(): { questions: number; merges: number } {
  const questions = useModel((model) => model.questions.size);
  const merges = useModel(
    (model) => [...model.sessions.values()].filter(({ status }) => status === "approved").length,
  );
  return { questions: questions ?? 0, merges: merges ?? 0 };
}
