"use client";

import { useModel } from "#components/live/use-model.ts";

const announced = new Set([
  "question:asked",
  "session:failed",
  "review:concluded",
  "merge:landed",
  "merge:refused",
  "loop:finished",
]);

/** Reads out what needs a person, or what they waited for; nothing else interrupts. */
export function Announcer() {
  const text = useModel((model) => model.recent.findLast(({ name }) => announced.has(name))?.text ?? "");
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
