"use client";

import type { ReactNode } from "react";
import { createContext, use, useEffect, useState } from "react";
import { createLiveStore } from "./live-store.ts";
import type { LiveStore } from "./live-store.ts";

const LiveContext = createContext<LiveStore | null>(null);

/** One connection for the page and all that is in it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createLiveStore);
  useEffect(() => store.start(), [store]);
  return <LiveContext value={store}>{children}</LiveContext>;
}

export function useLive(): LiveStore {
  const store = use(LiveContext);
  if (!store) throw new Error("useLive is for what is inside of LiveProvider.");
  return store;
}
