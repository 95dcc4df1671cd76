"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode } from "react";
import { useCallback, useRef } from "react";
import { classNames } from "./class-names.ts";

interface VirtualListProps<Entry> {
  entries: readonly Entry[];
  keyOf: (entry: Entry) => string;
  /** A first guess in pixels; rows are measured when they are shown. */
  estimate: number;
  gap?: number;
  /** Up to this many are simply drawn. */
  plainUpTo?: number;
  label: string;
  className?: string;
  children: (entry: Entry) => ReactNode;
}

/** A scrolling list that costs the same however long it is. */
export function VirtualList<Entry>(props: VirtualListProps<Entry>) {
  const { entries, keyOf, plainUpTo = 40, gap = 0, label, className, children } = props;
  if (entries.length > plainUpTo) return <Windowed {...props} />;
  return (
    <div tabIndex={0} className={classNames("min-h-0 overflow-y-auto", className)}>
      <ul aria-label={label} className="flex flex-col" style={{ gap }}>
        {entries.map((entry) => (
          <li key={keyOf(entry)}>{children(entry)}</li>
        ))}
      </ul>
    </div>
  );
}

function Windowed<Entry>({
  entries,
  keyOf,
  estimate,
  gap = 0,
  label,
  className,
  children,
}: VirtualListProps<Entry>) {
  const scroller = useRef<HTMLDivElement>(null);
  const getItemKey = useCallback(
    (index: number) => {
      const entry = entries[index];
      return entry === undefined ? index : keyOf(entry);
    },
    [entries, keyOf],
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer draws this component itself
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    // Another function would make the virtualizer place every entry anew.
    getItemKey,
    gap,
    overscan: 8,
  });
  return (
    <div ref={scroller} tabIndex={0} className={classNames("min-h-0 overflow-y-auto", className)}>
      <ul aria-label={label} className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const entry = entries[index];
          return (
            entry !== undefined && (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-setsize={entries.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${String(start)}px)` }}
              >
                {children(entry)}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
