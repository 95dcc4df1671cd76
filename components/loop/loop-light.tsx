"use client";

import { Repeat } from "lucide-react";
import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { visibleText } from "#components/ui/visible-text.ts";
import { scopeOf } from "./loop-progress.ts";
import { useLoops } from "./use-loops.ts";

const LoopDialog = dynamic(() => import("./loop-dialog.tsx"), { ssr: false });

/** In the bar of every page but the board, which says more: that a loop is running. */
export function LoopLight() {
  const pathname = usePathname();
  const { running } = useLoops(null);
  const [shown, setShown] = useState<string | null>(null);
  const [first, ...more] = running;
  return (
    <>
      {first && pathname !== "/" && (
        <button
          type="button"
          onClick={() => setShown(first.id)}
          aria-label={`Working through ${scopeOf(first)}. Show how it goes`}
          className="mr-1 flex h-8 items-center gap-1.5 rounded-md px-2 text-xs text-muted hover:bg-hover hover:text-text pointer-coarse:h-10"
        >
          <Repeat aria-hidden className="breathe size-3.5 text-info" />
          <span className="max-w-40 truncate max-md:sr-only">
            {visibleText(scopeOf(first))}
            {more.length > 0 && ` and ${String(more.length)} more`}
          </span>
        </button>
      )}
      {shown !== null && <LoopDialog id={shown} onClose={() => setShown(null)} />}
    </>
  );
}
