"use client";

import { Archive } from "lucide-react";
import { useState } from "react";
import { useModel } from "#components/live/use-model.ts";
import { useRead } from "#components/live/use-read.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { ArchiveRow } from "./archive-row.tsx";
import { DiskUse } from "./disk-use.tsx";

/** Work that was kept before its branch or worktree went, with one click to bring it back; and what all takes up. */
export function Archives() {
  const { all } = useRepositoryChoice();
  const [isAll, setAll] = useState(false);
  // Told by facts: an archive came or went, or a session ended.
  const version = useModel(({ recent }) =>
    String(
      recent.findLast(({ name }) =>
        /^(?:archive:|storage:|session:stopped|session:dispatched|merge:landed)/.test(name),
      )?.seq ?? 0,
    ),
  );
  const { value, problem } = useRead("archives", { repository: null }, version ?? "");
  const shown = value?.filter(({ merged }) => isAll || !merged) ?? [];
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-4xl p-4 sm:p-6">
        <div className="mb-1 flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-lg font-semibold tracking-tight">Archived work</h1>
          <label className="ml-auto flex items-center gap-2 text-sm text-muted">
            <Checkbox checked={isAll} onChange={(event) => setAll(event.target.checked)} />
            Show what has landed too
          </label>
        </div>
        <p className="mb-4 text-sm text-muted">
          Before a branch or worktree goes, its work is kept, what was not committed included.
        </p>
        {problem && !value && <Trouble message={problem.message} fix={problem.fix} />}
        {!value && !problem && <Placeholder lines={6} className="p-0" />}
        {value && shown.length === 0 && (
          <Empty icon={Archive} title="Nothing is archived that the base does not hold">
            What you give up, or dispatch again, comes here first.
          </Empty>
        )}
        {all.map(({ id, name }) => {
          const own = shown.filter(({ repository }) => repository === id);
          if (own.length === 0) return null;
          return (
            <section key={id} aria-label={`Archives of ${name}`} className="mb-6">
              <h2 className="mb-1 text-xs font-semibold text-muted">{visibleText(name)}</h2>
              <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-card">
                {own.map((archive) => (
                  <li key={archive.ref}>
                    <ArchiveRow archive={archive} />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        <DiskUse />
      </div>
    </div>
  );
}
