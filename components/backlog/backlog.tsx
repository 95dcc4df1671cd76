"use client";

import { CircleCheck, ListTree } from "lucide-react";
import dynamic from "next/dynamic";
import type { ComponentType, ReactNode } from "react";
import { useDeferredValue, useMemo, useState } from "react";
import { useHeldItems } from "#components/live/held-items.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Empty } from "#components/ui/empty.tsx";
import { useHotkeys } from "#components/ui/hotkeys.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { VirtualList } from "#components/ui/virtual-list.tsx";
import type { ItemView } from "#lib/contract/wire.ts";
import { isItemId } from "#lib/domain/ids.ts";
import type { Shape } from "./backlog-header.tsx";
import { BacklogHeader } from "./backlog-header.tsx";
import { BacklogRow } from "./backlog-row.tsx";
import { ClosedItems } from "./closed-items.tsx";
import { EmptyBacklog } from "./empty-backlog.tsx";
import { ItemPanel } from "./item-panel.tsx";
import type { ItemPlace } from "./item-place.ts";
import { hrefOf, isAt } from "./item-place.ts";
import { orderedItems } from "./ordered-items.ts";
import type { Filter, Row } from "./rows.ts";
import { rowMaker } from "./rows.ts";

const DependencyView = dynamic(() => import("./dependency-view.tsx"), { ssr: false });
const ItemDialog = dynamic(() => import("./item-dialog.tsx"), { ssr: false });

interface BacklogProps {
  /** The item that is shown beside the list at first; its repository may be left out where the id says enough. */
  asked: { readonly item: string; readonly repository: string | null } | null;
  isWriting: boolean;
  repositorySwitch: ReactNode;
  Dispatch: ComponentType<{ item: ItemView; mayChoose?: boolean }>;
}

/** Everything that is to be done, what stands where, and the place to write more. */
export function Backlog({ asked, isWriting, repositorySwitch, Dispatch }: BacklogProps) {
  const all = useModel((model) => model.items);
  const held = useHeldItems();
  const { all: repositories, chosen: repository } = useRepositoryChoice();
  const may = useMay();
  const [filter, setFilter] = useState<Filter>({ view: "all", text: "", label: "" });
  const applied = useDeferredValue(filter);
  const [shape, setShape] = useState<Shape>("list");
  const [picked, setPicked] = useState<ItemPlace | null>();
  const [writing, setWriting] = useState(isWriting);
  const whyNotNew = may.whyNot("item:create");
  const onNew = repositories.length > 0 ? () => setWriting(true) : null;
  useHotkeys(onNew && whyNotNew === null ? { c: onNew } : {});

  const [order] = useState(orderedItems);
  const [makeRows] = useState(rowMaker);
  const items = useMemo(() => all && order(all, repository?.id ?? null), [all, repository, order]);
  const rows = useMemo(
    () => items && held && makeRows(items, held, applied),
    [items, held, applied, makeRows],
  );
  const labels = useMemo(() => labelsOf(items ?? []), [items]);
  const drawn = useMemo(
    () => (shape === "dependencies" ? rows?.map(({ item }) => item) : null),
    [shape, rows],
  );
  if (!items || !rows) return <Placeholder lines={10} />;

  const chosen = picked === undefined ? placeAsked() : picked;
  const choose = (place: ItemPlace | null) => {
    setPicked(place && { repository: place.repository, id: place.id });
    window.history.replaceState(null, "", place ? hrefOf(place) : "/backlog");
    if (!place && chosen) refocus(chosen);
  };
  return (
    <div className="flex h-full">
      <div className="flex min-w-0 flex-1 flex-col">
        <BacklogHeader
          filter={filter}
          labels={labels}
          count={rows.length}
          repositorySwitch={repositorySwitch}
          shape={shape}
          onShape={setShape}
          onFilter={setFilter}
          onNew={onNew}
          whyNotNew={whyNotNew}
        />
        {list()}
      </div>
      {chosen && (
        <ItemPanel place={chosen} onClose={() => choose(null)} onChoose={choose} Dispatch={Dispatch} />
      )}
      {writing && onNew && whyNotNew === null && (
        <ItemDialog
          item={null}
          onClose={() => setWriting(false)}
          onDone={(item) => {
            setWriting(false);
            choose(item);
          }}
        />
      )}
    </div>
  );

  function list() {
    if (!items || !rows) return null;
    if (applied.view === "closed") {
      return repository ? (
        <ClosedItems repository={repository} text={applied.text} chosen={chosen ?? null} onChoose={choose} />
      ) : (
        <Empty icon={CircleCheck} title="Choose a repository">
          Closed items are read from one backlog at a time.
        </Empty>
      );
    }
    if (items.length === 0) {
      return (
        <EmptyBacklog
          repository={repository}
          hasRepositories={repositories.length > 0}
          action={
            onNew && (
              <MayButton whyNot={whyNotNew} kind="primary" size="md" onClick={onNew}>
                Write the first item
              </MayButton>
            )
          }
        />
      );
    }
    if (rows.length === 0)
      return (
        <Empty icon={ListTree} title="Nothing fits">
          Change the filter to see more.
        </Empty>
      );
    if (shape === "dependencies")
      return <DependencyView items={drawn ?? []} chosen={chosen ?? null} onChoose={choose} />;
    return (
      <VirtualList entries={rows} keyOf={keyOfRow} estimate={45} label="Backlog" className="flex-1">
        {(row) => (
          <BacklogRow
            row={row}
            isChosen={isAt(row.item, chosen ?? null)}
            onChoose={choose}
            Dispatch={Dispatch}
          />
        )}
      </VirtualList>
    );
  }

  /** A link may name a closed item, which the page does not hold, and may leave out whose it is. */
  function placeAsked(): ItemPlace | null {
    if (!asked) return null;
    const owner = repositories.find(({ id }) => id === asked.repository) ?? repository;
    const known = items?.find(
      (item) => item.id === asked.item && (asked.repository === null || item.repository === asked.repository),
    );
    if (known) return known;
    return owner && isItemId(asked.item) ? { repository: owner.id, id: asked.item } : null;
  }
}

function keyOfRow({ item: { repository, id } }: Row): string {
  return `${repository}/${id}`;
}

function labelsOf(items: readonly ItemView[]): string[] {
  const labels = new Set<string>();
  for (const item of items) for (const label of item.labels) labels.add(label);
  return [...labels].sort();
}

/** The row that was open gets the focus back, if it is still drawn. */
function refocus({ repository, id }: ItemPlace): void {
  const key = CSS.escape(`${repository}/${id}`);
  document.querySelector<HTMLElement>(`[data-item="${key}"]`)?.focus();
}
