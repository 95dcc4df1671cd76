"use client";

import { useLine } from "#components/live/use-model.ts";
import { classNames } from "#components/ui/class-names.ts";

const words = {
  connecting: "Connecting",
  online: "Live",
  offline: "Reconnecting",
  refused: "Waiting",
  "signed-out": "Signed out",
} as const;

/** Whether what is shown is what is. */
export function LineLight() {
  const { state } = useLine();
  const isLive = state === "online";
  return (
    <span className="mr-2 flex items-center gap-1.5 text-xs text-muted" role="status">
      <span
        aria-hidden
        className={classNames(
          "size-1.5 rounded-full",
          isLive ? "bg-good" : state === "connecting" ? "bg-faint" : "bg-attention",
        )}
      />
      <span className="max-sm:sr-only">{words[state]}</span>
    </span>
  );
}
