import { Lock } from "lucide-react";
import Link from "next/link";
import { Priority } from "#components/ui/priority.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import type { BoardActions } from "./board-actions.ts";
import { CardFrame } from "./card-frame.tsx";

/** Work that no session holds: ready to go, or held back and why. */
export function ItemCard({ item, Dispatch }: { item: ItemView; Dispatch: BoardActions["Dispatch"] }) {
  const isReady = item.unready === null;
  return (
    <CardFrame quiet={!isReady}>
      <div className="flex items-center gap-2">
        <span className="min-w-0 truncate font-mono text-2xs text-faint">{item.id}</span>
        <Priority level={item.priority} />
        <span className="ml-auto truncate text-2xs text-faint">{item.type}</span>
      </div>
      <Link
        data-nav
        href={`/backlog?item=${encodeURIComponent(item.id)}`}
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
}
