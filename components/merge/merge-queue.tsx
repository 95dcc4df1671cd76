"use client";

import { GitMerge } from "lucide-react";
import { toast } from "sonner";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { LandingRow } from "./landing-row.tsx";
import { QueueRow } from "./queue-row.tsx";

const inQueue = ["approved", "merging", "outdated"];
const shownLandings = 50;

/** Approved work in the order in which it lands, how each would merge, and what has landed. */
export function MergeQueue() {
  const queue = useModel((model) =>
    [...model.sessions.values()]
      .filter(({ status }) => inQueue.includes(status))
      .toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since)),
  );
  const landings = useModel((model) =>
    [...model.landings.values()]
      .filter(({ status }) => status !== "running")
      .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
      .slice(0, shownLandings),
  );
  const { run, busy } = useCommand("merge:start");
  const may = useMay();
  if (!queue || !landings) return <Placeholder lines={8} />;
  const approved = queue.filter(({ status }) => status === "approved");
  const mergeAll = async () => {
    for (const repository of new Set(approved.map((session) => session.repository))) {
      const done = await run({ repository });
      for (const landing of done?.landings ?? []) {
        if (landing.status !== "running" && landing.status !== "landed") toast.error(landing.message);
      }
    }
  };
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-4xl p-4 sm:p-6">
        <header className="mb-4 flex items-center gap-3">
          <h1 className="text-lg font-semibold tracking-tight">Merge queue</h1>
          <span className="text-sm text-faint">
            {approved.length === 0 ? "" : `${String(approved.length)} ready`}
          </span>
          {may.land && approved.length > 0 && (
            <Button kind="good" size="md" className="ml-auto" busy={busy} onClick={() => void mergeAll()}>
              <GitMerge aria-hidden />
              Merge all ({approved.length})
            </Button>
          )}
        </header>
        {queue.length === 0 ? (
          <Empty icon={GitMerge} title="Nothing is ready to merge">
            Work that its council approved waits here for your click.
          </Empty>
        ) : (
          <ol
            aria-label="Queue"
            className="overflow-hidden rounded-xl border border-line bg-surface shadow-card"
          >
            {queue.map((session, index) => (
              <li key={session.id} className="border-b border-line last:border-0">
                <QueueRow session={session} place={index + 1} />
              </li>
            ))}
          </ol>
        )}
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
