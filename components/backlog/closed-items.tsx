"use client";

import { CircleCheck } from "lucide-react";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Priority } from "#components/ui/priority.tsx";
import { Since } from "#components/ui/since.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { VirtualList } from "#components/ui/virtual-list.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";
import type { ItemPlace } from "./item-place.ts";
import { isAt } from "./item-place.ts";
import { useClosedItems } from "./use-closed-items.ts";

function idOf({ id }: { id: string }): string {
  return id;
}

/** What is done, newest first. */
export function ClosedItems({
  repository,
  text,
  chosen,
  onChoose,
}: {
  repository: RepositoryView;
  text: string;
  chosen: ItemPlace | null;
  onChoose: (place: ItemPlace) => void;
}) {
  const { value, problem } = useClosedItems(repository);
  if (problem && !value)
    return (
      <div className="p-4">
        <Trouble message={problem.message} fix={problem.fix} />
      </div>
    );
  if (!value) return <Placeholder lines={10} />;
  const needle = text.trim().toLowerCase();
  const rows = value.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(needle));
  if (rows.length === 0)
    return <Empty icon={CircleCheck} title={needle === "" ? "Nothing is closed yet" : "Nothing fits"} />;
  return (
    <VirtualList
      entries={rows}
      keyOf={idOf}
      estimate={45}
      label={`Closed items of ${repository.name}`}
      className="flex-1"
    >
      {(item) => (
        <div
          className={`relative flex min-h-11 items-center gap-3 border-b border-line px-4 hover:bg-hover ${isAt(item, chosen) ? "bg-hover" : ""}`}
        >
          <Priority level={item.priority} />
          <span className="w-24 shrink-0 truncate font-mono text-2xs text-faint max-sm:hidden">
            {item.id}
          </span>
          <button
            type="button"
            data-nav
            aria-pressed={isAt(item, chosen)}
            onClick={() => onChoose(item)}
            className="min-w-0 flex-1 truncate text-left text-sm text-muted outline-offset-[-2px] after:absolute after:inset-0"
          >
            {visibleText(item.title)}
          </button>
          <Since at={item.updatedAt} className="shrink-0 text-xs text-faint" />
        </div>
      )}
    </VirtualList>
  );
}
