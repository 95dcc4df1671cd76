import { useSyncExternalStore } from "react";
import { onTick } from "./clock.ts";

/** The time in whole seconds' milliseconds, going on while something shows it; 0 on the server. */
export function useNow(): number {
  return useSyncExternalStore(onTick, read, () => 0);
}

function read(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}
