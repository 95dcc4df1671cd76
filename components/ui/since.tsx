import { useCallback, useSyncExternalStore } from "react";
import { onTick } from "./clock.ts";

/** `4 s`, `6 min`, `3 h`, `2 d`: never more than two digits that matter. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${String(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${String(hours)} h` : `${String(Math.floor(hours / 24))} d`;
}

/** How long ago `at` was, ticking in place; drawn again only when the words change. */
export function Since({ at, className }: { at: string; className?: string }) {
  const read = useCallback(() => duration(Date.now() - Date.parse(at)), [at]);
  const text = useSyncExternalStore(onTick, read, () => "");
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className={className} suppressHydrationWarning>
      {text}
    </time>
  );
}
