"use client";

import { Lock } from "lucide-react";
import Link from "next/link";
import type { ComponentType } from "react";
import { memo } from "react";
import { useHolder } from "#components/live/held-items.ts";
import { statusLook } from "#components/live/status-look.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Priority } from "#components/ui/priority.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import type { ItemPlace } from "./item-place.ts";
import type { Row } from "./rows.ts";

export const BacklogRow = memo(function BacklogRow({
  row: { item, depth, children },
  isChosen,
  onChoose,
  Dispatch,
}: {
  row: Row;
  isChosen: boolean;
  onChoose: (place: ItemPlace) => void;
  Dispatch: ComponentType<{ item: ItemView }>;
}) {
  const session = useHolder(item.repository, item.id);
  const isReady = item.unready === null && !session;
  return (
    <div
      className={classNames(
        "relative flex min-h-11 items-center gap-3 border-b border-line pr-4 hover:bg-hover",
        isChosen && "bg-hover",
      )}
      style={{ paddingLeft: 16 + Math.min(depth, 5) * 20 }}
    >
      <Priority level={item.priority} />
      <span className="w-24 shrink-0 truncate font-mono text-2xs text-faint max-sm:hidden">{item.id}</span>
      <button
        type="button"
        data-nav
        aria-pressed={isChosen}
        data-item={`${item.repository}/${item.id}`}
        onClick={() => onChoose(item)}
        className={classNames(
          "min-w-0 flex-1 truncate text-left text-sm outline-offset-[-2px] after:absolute after:inset-0",
          children !== null && "font-semibold",
          !isReady && !session && children === null && "text-muted",
        )}
      >
        {visibleText(item.title)}
      </button>
      {children !== null && <Badge>{children} open</Badge>}
      <span className="flex min-w-0 items-center gap-1 max-lg:hidden">
        {item.labels.slice(0, 2).map((label) => (
          <Badge key={label}>{visibleText(label)}</Badge>
        ))}
      </span>
      {item.downstream > 0 && (
        <span className="shrink-0 text-2xs text-faint max-md:hidden">unblocks {item.downstream}</span>
      )}
      <span className="relative z-10 flex shrink-0 items-center justify-end sm:w-44">
        {session ? (
          <Link href={`/sessions/${session.id}`} className="hover:underline">
            <Status {...statusLook(session)} />
          </Link>
        ) : isReady ? (
          <Dispatch item={item} />
        ) : (
          children === null && (
            <span className="flex min-w-0 items-center gap-1 text-2xs text-faint max-sm:max-w-28">
              <Lock className="size-3 shrink-0" aria-hidden />
              <span className="truncate">{item.unready}</span>
            </span>
          )
        )}
      </span>
    </div>
  );
});
