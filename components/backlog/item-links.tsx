"use client";

import { useMemo, useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { ItemView, ReadOutput } from "#lib/contract/wire.ts";
import { ItemPicker } from "./item-picker.tsx";
import type { ItemPlace } from "./item-place.ts";
import { ItemRowLink } from "./item-row-link.tsx";
import { linksOf } from "./links.ts";
import { PanelSection } from "./panel-section.tsx";

const kinds = ["blocks", "related", "discovered-from"] as const;
type Kind = (typeof kinds)[number];

/** What the item waits for, what waits for it, and what it is part of; each with its state. */
export function ItemLinks({
  detail,
  onChoose,
  onChanged,
}: {
  detail: ReadOutput<"item">;
  onChoose: (place: ItemPlace) => void;
  onChanged: () => void;
}) {
  const items = useModel((model) => model.items);
  const depend = useCommand("item:depend");
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const { needs, neededBy, children, parent, others } = useMemo(
    () => linksOf(detail, items?.values() ?? []),
    [detail, items],
  );
  const whyNot = may.whyNot("item:depend");
  const isOpen = detail.status !== "closed";
  const at = (id: ItemView["id"]) => ({ repository: detail.repository, id });
  const change = async (on: ItemView["id"], kind: Kind, remove: boolean) => {
    const done = await depend.run({ repository: detail.repository, item: detail.id, on, kind, remove });
    if (done) onChanged();
  };
  const removal = (on: ItemView["id"], kind: string) => {
    const known = kinds.find((each) => each === kind);
    return isOpen && whyNot === null && known ? () => void change(on, known, true) : undefined;
  };
  return (
    <>
      {(needs.length > 0 || isOpen) && (
        <PanelSection
          name="Blocked by"
          action={
            isOpen &&
            !isAdding && (
              <MayButton
                whyNot={whyNot}
                kind="quiet"
                aria-label="Add what it waits for"
                onClick={() => setAdding(true)}
              >
                Add
              </MayButton>
            )
          }
        >
          <ul>
            {needs.map((id) => (
              <ItemRowLink key={id} place={at(id)} onChoose={onChoose} onRemove={removal(id, "blocks")} />
            ))}
          </ul>
          {needs.length === 0 && !isAdding && <p className="text-sm text-faint">Nothing.</p>}
          {isAdding && (
            <div
              className="mt-1.5"
              onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setAdding(false)}
            >
              <ItemPicker
                label="Wait for"
                repository={detail.repository}
                except={new Set<string>([detail.id, ...needs])}
                onPick={(on) => {
                  setAdding(false);
                  void change(on, "blocks", false);
                }}
              />
            </div>
          )}
        </PanelSection>
      )}
      {neededBy.length > 0 && (
        <PanelSection name="Blocks">
          <ul>
            {neededBy.map((id) => (
              <ItemRowLink key={id} place={at(id)} onChoose={onChoose} />
            ))}
          </ul>
        </PanelSection>
      )}
      {(parent !== null || children.length > 0) && (
        <PanelSection
          name={parent === null ? "Holds" : children.length > 0 ? "Part of, and holds" : "Part of"}
        >
          <ul>
            {parent !== null && <ItemRowLink place={at(parent)} kind="parent" onChoose={onChoose} />}
            {children.map((id) => (
              <ItemRowLink key={id} place={at(id)} onChoose={onChoose} />
            ))}
          </ul>
        </PanelSection>
      )}
      {others.length > 0 && (
        <PanelSection name="See also">
          <ul>
            {others.map(({ id, kind }) => (
              <ItemRowLink
                key={`${id} ${kind}`}
                place={at(id)}
                kind={kind}
                onChoose={onChoose}
                onRemove={removal(id, kind)}
              />
            ))}
          </ul>
        </PanelSection>
      )}
    </>
  );
}
