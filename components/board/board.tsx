"use client";

import { Inbox } from "lucide-react";
import { useMemo, useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { Empty } from "#components/ui/empty.tsx";
import type { BoardActions } from "./board-actions.ts";
import { BoardColumn } from "./board-column.tsx";
import { BoardPlaceholder } from "./board-placeholder.tsx";
import { ColumnChips } from "./column-chips.tsx";
import type { ColumnName } from "./columns.ts";
import { columnNames, columnsOf } from "./columns.ts";

/** The whole backlog on one screen. On a phone one column at a time, beginning with what needs a person. */
export function Board(actions: BoardActions) {
  const items = useModel((model) => model.items);
  const sessions = useModel((model) => model.sessions);
  const repositories = useModel((model) => model.repositories.size);
  const columns = useMemo(
    () => (items && sessions ? columnsOf(items.values(), sessions.values()) : null),
    [items, sessions],
  );
  const [chosen, setChosen] = useState<ColumnName | null>(null);
  if (!columns) return <BoardPlaceholder />;
  if (repositories === 0) {
    return (
      <Empty icon={Inbox} title="No repository yet">
        Run <code className="font-mono text-xs">amplify repo add .</code> in one, and its backlog appears
        here.
      </Empty>
    );
  }
  const shown = chosen ?? (columns["Needs you"].length > 0 ? "Needs you" : "Running");
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">Board</h1>
      <ColumnChips columns={columns} shown={shown} onChoose={setChosen} />
      <div className="flex min-h-0 flex-1 overflow-x-auto max-sm:p-0 sm:gap-2 sm:p-3">
        {columnNames.map((name) => (
          <BoardColumn key={name} name={name} cards={columns[name]} isShown={name === shown} {...actions} />
        ))}
      </div>
    </div>
  );
}
