"use client";

import { CircleCheck, Lock, X } from "lucide-react";
import Link from "next/link";
import type { ComponentType, RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import { statusLook } from "#components/live/status-look.ts";
import { useModel } from "#components/live/use-model.ts";
import { useRead } from "#components/live/use-read.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Copy } from "#components/ui/copy.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { Status } from "#components/ui/status.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import { actorFor } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/session.ts";
import { ItemActions } from "./item-actions.tsx";
import { ItemLinks } from "./item-links.tsx";
import type { ItemPlace } from "./item-place.ts";
import { isAt } from "./item-place.ts";
import { PanelSection } from "./panel-section.tsx";
import { ReleaseButton } from "./release-button.tsx";
import { ReopenButton } from "./reopen-button.tsx";

interface ItemPanelProps {
  place: ItemPlace;
  onClose: () => void;
  onChoose: (place: ItemPlace) => void;
  Dispatch: ComponentType<{ item: ItemView; mayChoose?: boolean }>;
}

/** All that the tracker says of one item, beside the list; over it on a small screen. */
export function ItemPanel({ place, onClose, onChoose, Dispatch }: ItemPanelProps) {
  const live = useModel((model) => model.items.get(`${place.repository}/${place.id}`) ?? null);
  const sessions = useModel((model) =>
    [...model.sessions.values()]
      .filter(({ repository, item }) => isAt({ repository, id: item.id }, place))
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  );
  const [changes, setChanges] = useState(0);
  const version = `${live?.updatedAt ?? "gone"} ${live?.blockedBy.join() ?? ""} ${String(changes)}`;
  const { value, problem } = useRead("item", { repository: place.repository, item: place.id }, version);
  const panel = useFocusWhereItCovers(`${place.repository}/${place.id}`);
  const item = live ?? value;
  const [newest] = sessions ?? [];
  const isClosed = item?.status === "closed";
  // What a session of ours holds goes by giving that up, on its page.
  const isHeldHere = newest !== undefined && isOpen(newest.status) && item?.assignee === actorFor(newest.id);
  const readAgain = () => setChanges((count) => count + 1);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={`Item ${place.id}`}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
      className="flex w-104 shrink-0 flex-col overflow-y-auto border-l border-line bg-surface outline-none max-lg:fixed max-lg:inset-0 max-lg:z-30 max-lg:w-auto max-lg:border-0"
    >
      <header className="sticky top-0 z-10 bg-surface px-5 pt-3 pb-3">
        <div className="flex items-center gap-2">
          <Copy value={place.id} label="item id" />
          <Button
            kind="quiet"
            size="icon"
            className="-mr-2 ml-auto"
            aria-label="Close the panel"
            onClick={onClose}
          >
            <X aria-hidden />
          </Button>
        </div>
        {item && (
          <>
            <h2 className="text-base font-semibold [overflow-wrap:anywhere]">{visibleText(item.title)}</h2>
            <div className="mt-2 flex flex-wrap items-center gap-1.5">
              <Badge>P{item.priority}</Badge>
              <Badge>{visibleText(item.type)}</Badge>
              <Badge tone={isClosed ? "good" : "neutral"}>{visibleText(item.status)}</Badge>
              {item.labels.map((label) => (
                <Badge key={label}>{visibleText(label)}</Badge>
              ))}
            </div>
          </>
        )}
      </header>
      <div className="flex flex-col gap-4 px-5 pb-8">
        {item && !isClosed && (
          <div className="flex flex-col gap-2">
            <div className="flex flex-wrap items-center gap-2">
              {item.unready === null && <Dispatch item={item} mayChoose />}
              {value && <ItemActions detail={value} onChanged={readAgain} onClosed={onClose} />}
              {!isHeldHere && <ReleaseButton item={item} onChanged={readAgain} />}
            </div>
            {item.unready !== null && !newest && (
              <p className="flex items-start gap-1.5 text-xs text-muted">
                <Lock className="mt-0.5 size-3 shrink-0" aria-hidden /> Cannot start:{" "}
                {visibleText(item.unready)}
              </p>
            )}
          </div>
        )}
        {item && isClosed && (
          <div className="flex flex-wrap items-center gap-2">
            <p className="flex min-w-0 flex-1 items-start gap-1.5 text-sm text-muted">
              <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden />
              Closed{value?.closeReason ? `: ${visibleText(value.closeReason)}` : "."}
            </p>
            <ReopenButton item={item} onChanged={readAgain} />
          </div>
        )}
        {newest && (
          <PanelSection name="Session">
            <Link
              href={`/sessions/${newest.id}`}
              className="flex min-h-9 items-center gap-2 rounded-md border border-line px-3 hover:bg-hover pointer-coarse:min-h-11"
            >
              <Status {...statusLook(newest)} />
              <span className="min-w-0 truncate text-xs text-muted">{visibleText(newest.agent.type)}</span>
              <Since at={newest.since} className="ml-auto shrink-0 text-xs text-faint" />
            </Link>
          </PanelSection>
        )}
        {problem && !value && <Trouble message={problem.message} fix={problem.fix} />}
        {!value && !problem && <Placeholder lines={5} className="p-0" />}
        {value && (
          <>
            <Part name="Description" text={value.description} />
            <Part name="Acceptance" text={value.acceptance} />
            <Part name="Design" text={value.design} />
            <Part name="Notes" text={value.notes} />
            <ItemLinks detail={value} onChoose={onChoose} onChanged={readAgain} />
          </>
        )}
      </div>
    </aside>
  );
}

function Part({ name, text }: { name: string; text: string }) {
  return (
    text.trim() !== "" && (
      <PanelSection name={name}>
        <Markdown text={text} className="text-sm" />
      </PanelSection>
    )
  );
}

/** Where the panel covers the list, the focus goes along; beside it the list keeps it. */
function useFocusWhereItCovers(key: string): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (window.matchMedia("(max-width: 1023px)").matches) panel.current?.focus();
    panel.current?.scrollTo({ top: 0 });
  }, [key]);
  return panel;
}
