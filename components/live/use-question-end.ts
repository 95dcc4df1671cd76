"use client";

import { useEffect, useEffectEvent } from "react";
import { questionKey } from "#lib/client/model.ts";
import type { QuestionView } from "#lib/contract/wire.ts";
import { useLive } from "./live-provider.tsx";

/** Calls with the question as it ended, once, when somebody answers or withdraws it while it is shown. */
export function useQuestionEnd(
  shown: { readonly session: string; readonly question: string },
  onEnd: (question: QuestionView["question"]) => void,
): void {
  const store = useLive();
  const end = useEffectEvent(onEnd);
  const { session, question } = shown;
  useEffect(() => {
    const key = `${session}/${question}`;
    let wasOpen = false;
    return store.subscribe(() => {
      const model = store.model();
      const isOpen = model?.questions.has(key) ?? false;
      const hasEnded = wasOpen && !isOpen;
      wasOpen = isOpen;
      if (!hasEnded) return;
      const ended = model?.recent
        .flatMap(({ changes }) => changes.questions ?? [])
        .findLast((view) => questionKey(view) === key);
      if (ended) end(ended.question);
    });
  }, [store, session, question]);
}
