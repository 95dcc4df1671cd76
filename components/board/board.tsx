"use client";

import type { ReactNode } from "react";
import { useMemo, useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import type { BoardActions } from "./board-actions.ts";
import { BoardColumn } from "./board-column.tsx";
import { BoardPlaceholder } from "./board-placeholder.tsx";
import { ColumnChips } from "./column-chips.tsx";
import type { ColumnName, Columns } from "./columns.ts";
import { columnNames, columnsOf, inUrgency, keepColumns } from "./columns.ts";

interface BoardProps extends BoardActions {
  /** Stands above the columns. */
  bar: ReactNode;
  /** Stands in place of the board until a repository is registered. */
  firstSteps: ReactNode;
}

/** The whole backlog on one screen. On a phone one column at a time, beginning with what needs a person. */
export function Board({ bar, firstSteps, ...actions }: BoardProps) {
  const items = useModel((model) => model.items);
  const sessions = useModel((model) => model.sessions);
  const { all, chosen } = useRepositoryChoice();
  const repository = all.length > 1 ? (chosen?.id ?? null) : null;
  const ordered = useMemo(() => items && inUrgency(items.values()), [items]);
  const [keep] = useState(rememberColumns);
  const columns = useMemo(
    () => (ordered && sessions ? keep(columnsOf(ordered, sessions.values(), repository)) : null),
    [ordered, sessions, repository, keep],
  );
  const [picked, setPicked] = useState<ColumnName | null>(null);
  if (!columns) return <BoardPlaceholder />;
  if (all.length === 0) return firstSteps;
  const shown = picked ?? (columns["Needs you"].length > 0 ? "Needs you" : "Running");
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">Board</h1>
      <div className="flex min-h-11 shrink-0 items-center gap-3 border-b border-line px-3 py-1 sm:px-4">
        {bar}
      </div>
      <ColumnChips columns={columns} shown={shown} onChoose={setPicked} />
      <div className="flex min-h-0 flex-1 overflow-x-auto max-sm:p-0 sm:gap-2 sm:p-3 sm:pt-2">
        {columnNames.map((name) => (
          <BoardColumn
            key={name}
            name={name}
            cards={columns[name]}
            isShown={name === shown}
            isMixed={all.length > 1 && !chosen}
            {...actions}
          />
        ))}
      </div>
    </div>
  );
}

function rememberColumns(): (next: Columns) => Columns {
  let last: Columns | null = null;
  return (next) => (last = keepColumns(last, next));
}
