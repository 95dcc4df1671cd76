"use client";

import { Plus, Search } from "lucide-react";
import type { ReactNode } from "react";
import { MayButton } from "#components/ui/may-button.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { Filter } from "./rows.ts";
import { views } from "./rows.ts";

export type Shape = "list" | "dependencies";

const shapes = [
  ["list", "List"],
  ["dependencies", "Dependencies"],
] as const;

interface BacklogHeaderProps {
  filter: Filter;
  labels: readonly string[];
  count: number;
  repositorySwitch: ReactNode;
  /** As a list, or as a picture of what blocks what. */
  shape: Shape;
  onShape: (shape: Shape) => void;
  onFilter: (filter: Filter) => void;
  /** Null where there is no repository to write into. */
  onNew: (() => void) | null;
  whyNotNew: string | null;
}

export function BacklogHeader(props: BacklogHeaderProps) {
  const { filter, labels, count, repositorySwitch, shape, onShape, onFilter, onNew, whyNotNew } = props;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
      <h1 className="text-base font-semibold tracking-tight max-sm:sr-only">Backlog</h1>
      {repositorySwitch}
      <label className="flex h-8 min-w-32 flex-1 items-center gap-2 rounded-md border border-line bg-sunken px-2.5 focus-within:border-accent sm:max-w-64 pointer-coarse:h-10">
        <Search className="size-3.5 text-faint" aria-hidden />
        <input
          type="search"
          aria-label="Search the backlog"
          placeholder="Search"
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-faint pointer-coarse:text-base"
        />
      </label>
      {onNew && (
        <MayButton
          whyNot={whyNotNew}
          kind="primary"
          size="sm"
          onClick={onNew}
          aria-keyshortcuts="c"
          className="sm:order-last"
        >
          <Plus aria-hidden /> New item
        </MayButton>
      )}
      <Segments
        label="Show"
        choices={views.map((view) => [view, view.charAt(0).toUpperCase() + view.slice(1)] as const)}
        value={filter.view}
        onChange={(view) => onFilter({ ...filter, view })}
        className="max-sm:w-full"
      />
      <Segments label="As" choices={shapes} value={shape} onChange={onShape} className="max-sm:w-full" />
      {labels.length > 0 && (
        <select
          aria-label="Label"
          value={filter.label}
          onChange={(event) => onFilter({ ...filter, label: event.target.value })}
          className="h-8 max-w-44 rounded-md border border-line bg-surface px-2 text-xs text-muted max-sm:hidden pointer-coarse:h-10"
        >
          <option value="">All labels</option>
          {labels.map((label) => (
            <option key={label}>{label}</option>
          ))}
        </select>
      )}
      <span className="ml-auto text-xs text-faint max-sm:hidden" role="status">
        {count} {count === 1 ? "item" : "items"}
      </span>
    </header>
  );
}
