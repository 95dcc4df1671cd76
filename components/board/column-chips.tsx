"use client";

import { classNames } from "#components/ui/class-names.ts";
import type { ColumnName, Columns } from "./columns.ts";
import { columnNames } from "./columns.ts";

/** Which column a phone shows. */
export function ColumnChips({
  columns,
  shown,
  onChoose,
}: {
  columns: Columns;
  shown: ColumnName;
  onChoose: (name: ColumnName) => void;
}) {
  return (
    <div
      role="group"
      aria-label="Column"
      className="flex shrink-0 gap-1.5 overflow-x-auto border-b border-line bg-surface px-3 py-2 [scrollbar-width:none] sm:hidden"
    >
      {columnNames.map((name) => (
        <button
          key={name}
          type="button"
          ref={(chip) => {
            if (name === shown) chip?.scrollIntoView({ block: "nearest", inline: "center" });
          }}
          aria-pressed={name === shown}
          onClick={() => onChoose(name)}
          className={classNames(
            "flex h-9 shrink-0 items-center gap-1.5 rounded-full border px-3 text-sm",
            name === shown ? "border-transparent bg-text text-bg" : "border-line text-muted",
          )}
        >
          {name}
          <span className={classNames("text-2xs", name === shown ? "opacity-70" : "text-faint")}>
            {columns[name].length}
          </span>
        </button>
      ))}
    </div>
  );
}
