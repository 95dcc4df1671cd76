"use client";

import type { RefObject } from "react";
import { useEffect, useState } from "react";

const closeEnoughPx = 48;

/** Keeps a scroller at its end while `size` grows, until the person scrolls away from it. */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  size: number,
  toEnd: () => void,
): { following: boolean; follow: () => void } {
  const [following, setFollowing] = useState(true);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let lastTop = element.scrollTop;
    const onScroll = () => {
      const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
      if (fromEnd < closeEnoughPx) setFollowing(true);
      // Only a move upwards is the person's: growth moves the end away, not the place.
      else if (element.scrollTop < lastTop - 4) setFollowing(false);
      lastTop = element.scrollTop;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, [scroller]);
  useEffect(() => {
    if (!following || size === 0) return;
    toEnd();
    const frame = requestAnimationFrame(toEnd);
    return () => cancelAnimationFrame(frame);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the size alone says that there is more
  }, [following, size]);
  return {
    following,
    follow: () => {
      setFollowing(true);
      toEnd();
    },
  };
}
