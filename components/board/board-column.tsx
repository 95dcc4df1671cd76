"use client";

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
}

export function BoardColumn({ name, cards, isShown, Dispatch, Merge }: BoardColumnProps) {
  const { tone, empty } = columnLooks[name];
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
      <header className="flex h-8 shrink-0 items-center gap-2 px-1.5 max-sm:hidden">
        <span
          aria-hidden
          className={classNames("size-2 rounded-full border-2 border-current", toneText[tone])}
        />
        <h2 className={classNames("text-xs font-semibold", isUrgent ? "text-attention" : "text-text")}>
          {name}
        </h2>
        <span className="text-xs text-faint">{cards.length}</span>
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
              <ItemCard item={card.item} Dispatch={Dispatch} />
            ) : (
              <SessionCard session={card.session} Merge={Merge} />
            )
          }
        </VirtualList>
      )}
    </section>
  );
}
