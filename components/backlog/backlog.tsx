"use client";

import { ListTree, Search } from "lucide-react";
import type { ComponentType } from "react";
import { useMemo, useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { VirtualList } from "#components/ui/virtual-list.tsx";
import type { ItemView } from "#lib/contract/wire.ts";
import { BacklogRow } from "./backlog-row.tsx";
import { ItemPanel } from "./item-panel.tsx";
import type { Filter } from "./rows.ts";
import { rowsOf, views } from "./rows.ts";

export function Backlog({
  chosen: initial,
  Dispatch,
}: {
  /** The item that is shown beside the list at first. */
  chosen: string | undefined;
  Dispatch: ComponentType<{ item: ItemView }>;
}) {
  const items = useModel((model) => [...model.items.values()]);
  const sessions = useModel((model) => [...model.sessions.values()]);
  const [filter, setFilter] = useState<Filter>({ view: "all", text: "", label: "" });
  const [chosen, setChosen] = useState<string | null>(initial ?? null);
  const rows = useMemo(
    () => (items && sessions ? rowsOf(items, sessions, filter) : null),
    [items, sessions, filter],
  );
  const labels = useMemo(() => [...new Set((items ?? []).flatMap((item) => item.labels))].sort(), [items]);
  const item = items?.find(({ id }) => id === chosen) ?? null;
  if (!items || !rows) return <Placeholder lines={10} />;
  const choose = (id: string | null) => {
    setChosen(id);
    window.history.replaceState(null, "", id === null ? "/backlog" : `?item=${encodeURIComponent(id)}`);
  };
  return (
    <div className="flex h-full">
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
          <h1 className="text-base font-semibold tracking-tight max-sm:sr-only">Backlog</h1>
          <label className="flex h-8 min-w-40 flex-1 items-center gap-2 rounded-md border border-line bg-sunken px-2.5 focus-within:border-line-strong sm:max-w-64 pointer-coarse:h-10">
            <Search className="size-3.5 text-faint" aria-hidden />
            <input
              type="search"
              aria-label="Search the backlog"
              placeholder="Search"
              value={filter.text}
              onChange={(event) => setFilter({ ...filter, text: event.target.value })}
              className="min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-faint pointer-coarse:text-base"
            />
          </label>
          <div role="group" aria-label="Show" className="flex rounded-md border border-line bg-sunken p-0.5">
            {views.map((view) => (
              <button
                key={view}
                type="button"
                aria-pressed={filter.view === view}
                onClick={() => setFilter({ ...filter, view })}
                className={classNames(
                  "h-6.5 rounded px-2.5 text-xs capitalize pointer-coarse:h-9",
                  filter.view === view ? "bg-raised font-medium shadow-card" : "text-muted hover:text-text",
                )}
              >
                {view}
              </button>
            ))}
          </div>
          {labels.length > 0 && (
            <select
              aria-label="Label"
              value={filter.label}
              onChange={(event) => setFilter({ ...filter, label: event.target.value })}
              className="h-8 max-w-44 rounded-md border border-line bg-surface px-2 text-xs text-muted pointer-coarse:h-10"
            >
              <option value="">All labels</option>
              {labels.map((label) => (
                <option key={label}>{label}</option>
              ))}
            </select>
          )}
          <span className="ml-auto text-xs text-faint">{rows.length}</span>
        </header>
        {rows.length === 0 ? (
          <Empty icon={ListTree} title={items.length === 0 ? "The backlog is empty" : "Nothing fits"}>
            {items.length === 0
              ? "Items of Beads, or of the built-in backlog, appear here as soon as they exist."
              : "Change the filter to see more."}
          </Empty>
        ) : (
          <VirtualList
            entries={rows}
            keyOf={({ item: { repository, id } }) => `${repository}/${id}`}
            estimate={45}
            label="Backlog"
            className="flex-1"
          >
            {(row) => (
              <BacklogRow row={row} isChosen={row.item.id === chosen} onChoose={choose} Dispatch={Dispatch} />
            )}
          </VirtualList>
        )}
      </div>
      {item && <ItemPanel item={item} onClose={() => choose(null)} onChoose={choose} Dispatch={Dispatch} />}
    </div>
  );
}
