"use client";

import { Check, Lock, X } from "lucide-react";
import type { ReactNode } from "react";
import { statusLook } from "#components/live/status-look.ts";
import { useModel } from "#components/live/use-model.ts";
import { useRead } from "#components/live/use-read.ts";
import { Button } from "#components/ui/button.tsx";
import { Status } from "#components/ui/status.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView, SessionView } from "#lib/contract/wire.ts";
import type { ItemPlace } from "./item-place.ts";
import { isAt } from "./item-place.ts";

interface ItemRowLinkProps {
  place: ItemPlace;
  /** Other than plain blocking: `related`, `discovered-from`, … */
  kind?: string;
  onChoose: (place: ItemPlace) => void;
  onRemove?: (() => void) | undefined;
}

/** Another item as this one sees it: what it is, and how it stands. */
export function ItemRowLink({ place, kind, onChoose, onRemove }: ItemRowLinkProps) {
  const item = useModel((model) => model.items.get(`${place.repository}/${place.id}`) ?? null);
  const session = useModel(
    (model) =>
      [...model.sessions.values()].find(
        (each) =>
          isAt({ repository: each.repository, id: each.item.id }, place) &&
          each.status !== "merged" &&
          each.status !== "stopped",
      ) ?? null,
  );
  return (
    <li className="group relative flex min-h-8 items-center gap-2 border-b border-line text-sm last:border-0 hover:bg-hover pointer-coarse:min-h-11">
      <button
        type="button"
        onClick={() => onChoose(place)}
        className="flex min-w-0 flex-1 items-baseline gap-2 py-1 text-left outline-offset-[-2px]"
      >
        <span className="shrink-0 font-mono text-2xs text-faint">{place.id}</span>
        {item ? (
          <span className="min-w-0 truncate">{visibleText(item.title)}</span>
        ) : (
          <ElsewhereTitle place={place} />
        )}
        {kind !== undefined && <span className="shrink-0 text-2xs text-faint">{kind}</span>}
      </button>
      <span className="shrink-0 text-2xs">{item && <StateOf item={item} session={session} />}</span>
      {onRemove && (
        <Button
          kind="quiet"
          size="icon"
          className="!size-7 pointer-coarse:!size-10"
          aria-label={`No longer wait for ${place.id}`}
          onClick={onRemove}
        >
          <X aria-hidden />
        </Button>
      )}
    </li>
  );
}

function StateOf({ item, session }: { item: ItemView; session: SessionView | null }): ReactNode {
  if (session) return <Status {...statusLook(session)} />;
  if (item.unready === null) return <span className="text-muted">ready</span>;
  if (item.unready === "epic") return <span className="text-faint">epic</span>;
  return (
    <span className="flex items-center gap-1 text-faint" title={visibleText(item.unready)}>
      <Lock className="size-3" aria-hidden />{" "}
      {item.blockedBy.length > 0 ? "blocked" : visibleText(item.status)}
    </span>
  );
}

/** The page holds open items only: another one is asked for. */
function ElsewhereTitle({ place }: { place: ItemPlace }) {
  const { value, problem } = useRead("item", { repository: place.repository, item: place.id }, "");
  if (!value) return <span className="min-w-0 truncate text-faint">{problem ? "not found" : "…"}</span>;
  return (
    <>
      <span className="min-w-0 truncate text-muted">{visibleText(value.title)}</span>
      {value.status === "closed" && (
        <span className="flex shrink-0 items-center gap-1 self-center text-2xs text-good">
          <Check className="size-3" aria-hidden /> closed
        </span>
      )}
    </>
  );
}
