import { useCallback, useSyncExternalStore } from "react";
import { onTick } from "./clock.ts";
import { duration } from "./since.tsx";

/** How long it is until `at`, ticking in place; `0 s` when it has come. */
export function Until({ at }: { at: string }) {
  const read = useCallback(() => duration(Date.parse(at) - Date.now()), [at]);
  const text = useSyncExternalStore(onTick, read, () => "");
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} suppressHydrationWarning>
      {text}
    </time>
  );
}
