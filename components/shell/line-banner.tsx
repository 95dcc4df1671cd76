"use client";

import { CloudAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useLine, useModel } from "#components/live/use-model.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import { Banner } from "./banner.tsx";

/** Says that the page is behind, that nothing is lost, and what happens next. */
export function LineBanner() {
  const { state, reason } = useLine();
  const hasModel = useModel(() => true) === true;
  const isLong = useIsLong(state === "connecting");
  const words =
    state === "offline"
      ? ["The server cannot be reached.", hasModel ? "Reconnecting …" : "Trying again …"]
      : state === "refused"
        ? ["The server cannot say how things stand.", `${visibleText(reason ?? "")} Asking again …`]
        : isLong
          ? ["The server takes its time.", "Still waiting …"]
          : null;
  if (!words) return null;
  const [what, next] = words;
  return (
    <Banner tone="attention" role="alert" icon={CloudAlert}>
      <strong className="font-semibold text-attention">{what}</strong>{" "}
      {hasModel && "You see how things stood; sessions go on by themselves. "}
      {next}
    </Banner>
  );
}

/** Longer than anybody takes for a page that is on its way. */
const longMs = 4_000;

function useIsLong(isGoingOn: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isGoingOn) return;
    const timer = setTimeout(() => setLong(true), longMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isGoingOn]);
  return isLong;
}
