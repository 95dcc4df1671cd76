import { Lock } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import type { BoardActions } from "./board-actions.ts";
import { CardFrame } from "./card-frame.tsx";
import { CardHead } from "./card-head.tsx";

/** Work that no session holds: ready to go, or held back and why. */
export const ItemCard = memo(function ItemCard({
  item,
  isMixed,
  Dispatch,
}: {
  item: ItemView;
  isMixed: boolean;
  Dispatch: BoardActions["Dispatch"];
}) {
  const isReady = item.unready === null;
  return (
    <CardFrame quiet={!isReady}>
      <CardHead item={item} repository={isMixed ? item.repository : null} />
      <Link
        data-nav
        href={`/backlog?item=${encodeURIComponent(item.id)}&repository=${encodeURIComponent(item.repository)}`}
        className="line-clamp-2 text-sm leading-[1.35] outline-none after:absolute after:inset-0"
      >
        <span className={isReady ? "font-medium" : "text-muted"}>{visibleText(item.title)}</span>
      </Link>
      {isReady ? (
        <div className="flex min-h-7 items-center justify-between gap-2">
          <span className="text-2xs text-faint">
            {item.downstream > 0 ? `unblocks ${String(item.downstream)}` : ""}
          </span>
          <span className="relative z-10">
            <Dispatch item={item} />
          </span>
        </div>
      ) : (
        <p className="flex items-center gap-1 text-2xs text-faint">
          <Lock className="size-3 shrink-0" aria-hidden />
          <span className="truncate">{item.unready}</span>
        </p>
      )}
    </CardFrame>
  );
});
