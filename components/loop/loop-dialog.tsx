"use client";

import Link from "next/link";
import { useMemo } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ParkedView } from "#lib/contract/wire.ts";
import { loopProgress, scopeOf } from "./loop-progress.ts";

/** How a loop stands: its counts, what it parked and why, and how it is stopped. */
export default function LoopDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const loop = useModel((model) => model.loops.get(id) ?? null);
  const sessions = useModel((model) => model.sessions);
  const stop = useCommand("loop:stop");
  const may = useMay();
  const progress = useMemo(() => loop && loopProgress(loop, sessions?.values() ?? []), [loop, sessions]);
  if (!loop || !progress) return null;
  const isRunning = loop.status === "running";
  const end = async () => {
    const done = await stop.run({ repository: loop.repository, loop: loop.id });
    if (done) toast.success("Nothing more is begun; its sessions go on.");
  };
  const counts: readonly (readonly [string, number, string])[] = [
    ["At work", progress.atWork, "text-info"],
    ["Need you", progress.needYou, "text-attention"],
    ["To merge", progress.toMerge, "text-good"],
    ["Landed", progress.landed, "text-text"],
    ["Parked", progress.parked, progress.parked > 0 ? "text-bad" : "text-text"],
  ];
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${isRunning ? "Working" : "Worked"} through ${visibleText(scopeOf(loop))}`}
      description={
        <>
          Begun by {visibleText(loop.by)} <Since at={loop.startedAt} /> ago;{" "}
          {loop.landing === "auto" ? "approved work lands by itself." : "approved work waits for your click."}
        </>
      }
    >
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-5 pt-4">
        {loop.reason !== null && <p className="text-sm">{visibleText(loop.reason)}</p>}
        <dl className="grid grid-cols-5 gap-1 rounded-lg border border-line p-3 text-center">
          {counts.map(([word, count, tone]) => (
            <div key={word} className="flex flex-col-reverse">
              <dt className="text-2xs text-muted">{word}</dt>
              <dd className={`text-lg font-semibold ${count > 0 ? tone : "text-faint"}`}>{count}</dd>
            </div>
          ))}
        </dl>
        {loop.parked.length > 0 && (
          <section aria-label="Parked">
            <h3 className="mb-1.5 text-xs font-semibold text-muted">Parked: a person has to look</h3>
            <ul className="overflow-hidden rounded-lg border border-line">
              {loop.parked.map((parked) => (
                <li key={parked.item} className="border-b border-line px-3 py-2 last:border-0">
                  <Parked parked={parked} repository={loop.repository} onFollow={onClose} />
                </li>
              ))}
            </ul>
          </section>
        )}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="text-xs text-muted">
            At most {loop.maxSessions} sessions; no new ones after {loop.maxFailures} failures.
          </p>
          {isRunning && (
            <MayButton
              whyNot={may.whyNot("loop:stop")}
              kind="danger"
              size="md"
              busy={stop.busy}
              onClick={() => void end()}
            >
              Stop the loop
            </MayButton>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Parked({
  parked: { item, title, session, why },
  repository,
  onFollow,
}: {
  parked: ParkedView;
  repository: string;
  onFollow: () => void;
}) {
  const href =
    session === null
      ? `/backlog?item=${encodeURIComponent(item)}&repository=${encodeURIComponent(repository)}`
      : `/sessions/${session}`;
  return (
    <>
      <Link href={href} onClick={onFollow} className="flex items-baseline gap-2 text-sm hover:underline">
        <span className="shrink-0 font-mono text-2xs text-faint">{item}</span>
        <span className="min-w-0 [overflow-wrap:anywhere]">{visibleText(title)}</span>
      </Link>
      <p className="mt-0.5 text-xs text-muted [overflow-wrap:anywhere]">{visibleText(why)}</p>
    </>
  );
}
