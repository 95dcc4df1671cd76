"use client";

import { memo } from "react";
import { useHolder } from "#components/live/held-items.ts";
import { statusLook } from "#components/live/status-look.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Priority } from "#components/ui/priority.tsx";
import { toneText } from "#components/ui/tone.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Node } from "./dependency-layout.ts";
import type { ItemPlace } from "./item-place.ts";

export const nodeWidth = 232;
export const nodeHeight = 62;

/** One item of the picture: what it is and how it stands. */
export const DependencyNode = memo(function DependencyNode({
  node: { key, item, needs, frees },
  isChosen,
  isFreed,
  isDim,
  onPoint,
  onChoose,
}: {
  node: Node;
  isChosen: boolean;
  /** It is set free by the landing of the one that is pointed at. */
  isFreed: boolean;
  isDim: boolean;
  onPoint: (key: string | null) => void;
  onChoose: (place: ItemPlace) => void;
}) {
  const session = useHolder(item.repository, item.id);
  const look = session && statusLook(session);
  const word = look ? look.word : item.unready === null ? "ready" : item.unready;
  const tone = look ? look.tone : item.unready === null ? "good" : "neutral";
  return (
    <button
      type="button"
      data-nav
      aria-pressed={isChosen}
      aria-label={`${item.id} ${visibleText(item.title)}: ${word}; needs ${String(needs.length)}, holds back ${String(frees.length)}`}
      title={visibleText(item.title)}
      onClick={() => onChoose(item)}
      onPointerEnter={() => onPoint(key)}
      onFocus={() => onPoint(key)}
      onBlur={() => onPoint(null)}
      style={{ height: nodeHeight }}
      className={classNames(
        "flex w-full flex-col justify-center gap-px rounded-lg border bg-surface px-3 text-left shadow-card transition-opacity hover:border-line-strong",
        isChosen ? "border-accent" : isFreed ? "border-good" : "border-line",
        isDim && "opacity-40",
      )}
    >
      <span className="flex items-center gap-1.5 text-2xs">
        <span
          aria-hidden
          className={classNames("size-1.5 shrink-0 rounded-full bg-current", toneText[tone])}
        />
        <span className="min-w-0 truncate font-mono text-faint">{item.id}</span>
        <span className="ml-auto">
          <Priority level={item.priority} />
        </span>
      </span>
      <span className="truncate text-xs font-medium">{visibleText(item.title)}</span>
      <span className={classNames("truncate text-2xs", toneText[tone])}>{visibleText(word)}</span>
    </button>
  );
});
