"use client";

import { memo } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { toneText } from "#components/ui/tone.ts";
import { VirtualList } from "#components/ui/virtual-list.tsx";
import type { BoardActions } from "./board-actions.ts";
import { columnLooks } from "./column-look.ts";
import type { Card, ColumnName } from "./columns.ts";
import { keyOfCard } from "./columns.ts";
import { ItemCard } from "./item-card.tsx";
import { SessionCard } from "./session-card.tsx";

interface BoardColumnProps extends BoardActions {
  name: ColumnName;
  cards: readonly Card[];
  /** On a phone only one column is. */
  isShown: boolean;
  /** Cards of several repositories stand side by side: each says whose it is. */
  isMixed: boolean;
}

export const BoardColumn = memo(function BoardColumn(props: BoardColumnProps) {
  const { name, cards, isShown, isMixed, Dispatch, DispatchAll, Merge } = props;
  const { tone, empty } = columnLooks[name];
  const ready = name === "Ready" ? cards.flatMap((card) => (card.kind === "item" ? [card.item] : [])) : [];
  const isUrgent = name === "Needs you" && cards.length > 0;
  return (
    <section
      aria-label={`${name}, ${String(cards.length)}`}
      className={classNames(
        "flex min-w-0 flex-col sm:min-w-46 sm:flex-1 sm:basis-0",
        !isShown && "max-sm:hidden",
        isShown && "max-sm:w-full",
        name === "Needs you" && "sm:flex-[1.15]",
      )}
    >
      <header
        className={classNames(
          "flex h-8 shrink-0 items-center gap-2 px-1.5 max-sm:h-auto max-sm:px-3 max-sm:pt-2",
          ready.length === 0 && "max-sm:hidden",
        )}
      >
        <span
          aria-hidden
          className={classNames("size-2 rounded-full border-2 border-current max-sm:hidden", toneText[tone])}
        />
        <h2
          className={classNames(
            "text-xs font-semibold max-sm:sr-only",
            isUrgent ? "text-attention" : "text-text",
          )}
        >
          {name}
        </h2>
        <span className="text-xs text-faint max-sm:sr-only">{cards.length}</span>
        {ready.length > 1 && (
          <span className="-mr-1.5 ml-auto">
            <DispatchAll items={ready} />
          </span>
        )}
      </header>
      {cards.length === 0 ? (
        <p className="mx-0.5 rounded-lg border border-dashed border-line px-3 py-4 text-xs text-faint max-sm:m-3 max-sm:py-10 max-sm:text-center">
          {empty}
        </p>
      ) : (
        <VirtualList
          entries={cards}
          keyOf={keyOfCard}
          estimate={104}
          gap={6}
          label={name}
          className="flex-1 p-0.5 max-sm:p-3"
        >
          {(card) =>
            card.kind === "item" ? (
              <ItemCard item={card.item} isMixed={isMixed} Dispatch={Dispatch} />
            ) : (
              <SessionCard session={card.session} isMixed={isMixed} Merge={Merge} />
            )
          }
        </VirtualList>
      )}
    </section>
  );
});
