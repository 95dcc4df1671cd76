"use client";

import { useLine, useModel } from "#components/live/use-model.ts";

/** Says that the page is behind, that nothing is lost, and what happens next. */
export function LineBanner() {
  const { state } = useLine();
  const hasModel = useModel(() => true) === true;
  if (state !== "offline") return null;
  return (
    <div
      role="alert"
      className="border-b border-attention-line bg-attention-soft px-4 py-1.5 text-sm text-attention"
    >
      <strong className="font-semibold">The server cannot be reached.</strong>{" "}
      {hasModel ? "You see how things stood; sessions go on by themselves. Reconnecting …" : "Trying again …"}
    </div>
  );
}
