"use client";

import { useEffect } from "react";

/** One thing that another panel pointed at: a finding such as `2/f-1`, a comment `c-1`, or a changed file's path. */
export interface Spot {
  readonly id: string;
  /** Counts the jumps, so that the same one can be made twice. */
  readonly jump: number;
}

/** The element that stands for something in a panel. */
export function spotId(panel: "diff" | "review", id: string): string {
  return `${panel}-${id}`;
}

/** Brings what was pointed at into view, lights it up for a moment, and puts the focus there. */
export function useSpot(panel: "diff" | "review", spot: Spot | null): void {
  useEffect(() => {
    if (!spot) return;
    const frame = requestAnimationFrame(() => {
      const element = document.getElementById(spotId(panel, spot.id));
      if (!element) return;
      const isTall = element.offsetHeight > window.innerHeight / 2;
      element.scrollIntoView({ block: isTall ? "start" : "center" });
      element.focus({ preventScroll: true });
      const light = "0 0 0 3px color-mix(in oklab, var(--color-accent) 55%, transparent)";
      element.animate([{ boxShadow: light }, { boxShadow: light, offset: 0.6 }, { boxShadow: "none" }], 1800);
    });
    return () => cancelAnimationFrame(frame);
  }, [panel, spot]);
}
