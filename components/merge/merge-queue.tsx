"use client";

import { GitMerge } from "lucide-react";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { LandingRow } from "./landing-row.tsx";
import { RepositoryQueue } from "./repository-queue.tsx";

const inQueue = ["approved", "merging", "outdated"];
const shownLandings = 50;

/** Approved work in the order in which it lands, what lands now, and what has landed. */
export function MergeQueue() {
  const { all } = useRepositoryChoice();
  const waiting = useModel(
    (model) => [...model.sessions.values()].filter(({ status }) => inQueue.includes(status)).length,
  );
  const landings = useModel((model) =>
    [...model.landings.values()]
      .filter(({ status }) => status !== "running")
      .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
      .slice(0, shownLandings),
  );
  if (waiting === null || !landings) return <Placeholder lines={8} />;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-4xl p-4 sm:p-6">
        <h1 className="mb-3 text-lg font-semibold tracking-tight">Merge queue</h1>
        {waiting === 0 && (
          <Empty icon={GitMerge} title="Nothing is ready to merge">
            Work that its council approved waits here for your click.
          </Empty>
        )}
        {all.map((repository) => (
          <RepositoryQueue key={repository.id} repository={repository} isOnly={all.length === 1} />
        ))}
        {landings.length > 0 && (
          <>
            <h2 className="mt-8 mb-2 text-xs font-semibold text-muted">Landings</h2>
            <ul aria-label="Landings" className="flex flex-col">
              {landings.map((landing) => (
                <li key={landing.id} className="border-b border-line last:border-0">
                  <LandingRow landing={landing} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
