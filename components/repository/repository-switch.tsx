"use client";

import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { visibleText } from "#components/ui/visible-text.ts";

/** Narrows board and backlog to one repository; not there while only one is registered. */
export function RepositorySwitch() {
  const { all, chosen, choose } = useRepositoryChoice();
  if (all.length < 2) return null;
  return (
    <select
      aria-label="Repository"
      value={chosen?.id ?? ""}
      onChange={(event) => choose(event.target.value === "" ? null : event.target.value)}
      className="h-8 max-w-44 min-w-0 shrink-0 rounded-md border border-line bg-surface px-2 text-xs font-medium pointer-coarse:h-10"
    >
      <option value="">All repositories</option>
      {all.map(({ id, name }) => (
        <option key={id} value={id}>
          {visibleText(name)}
        </option>
      ))}
    </select>
  );
}
