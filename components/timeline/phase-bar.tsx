"use client";

import { classNames } from "#components/ui/class-names.ts";
import { duration } from "#components/ui/since.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { Phase, PhaseName } from "./phases.ts";
import { phaseNames } from "./phases.ts";

const looks: Readonly<Record<PhaseName, { word: string; fill: string }>> = {
  queued: { word: "queued", fill: "bg-line-strong" },
  preparing: { word: "preparing", fill: "bg-faint" },
  implementation: { word: "implementation", fill: "bg-info" },
  waiting: { word: "waiting for an answer", fill: "bg-attention-solid" },
  review: { word: "review", fill: "bg-review" },
  landing: { word: "landing", fill: "bg-good" },
  resting: { word: "at rest", fill: "bg-line" },
};

/** Where the session's time went: one bar, and the sum of each kind of phase. */
export function PhaseBar({ phases }: { phases: readonly Phase[] }) {
  const now = useNow();
  const lengthOf = ({ from, to }: Phase) => Math.max(0, (to ?? now) - from);
  const whole = phases.reduce((sum, phase) => sum + lengthOf(phase), 0);
  if (whole === 0) return null;
  const sums = phaseNames.flatMap((name) => {
    const ours = phases.filter((phase) => phase.name === name);
    if (ours.length === 0) return [];
    return [
      {
        name,
        ms: ours.reduce((sum, phase) => sum + lengthOf(phase), 0),
        isNow: ours.some(({ to }) => to === null),
      },
    ];
  });
  return (
    <section aria-label="Phases" className="mb-6">
      <div className="flex h-2.5 gap-px overflow-hidden rounded-full" aria-hidden>
        {phases.map((phase) => (
          <div
            key={phase.from}
            title={`${looks[phase.name].word}, ${duration(lengthOf(phase))}`}
            className={classNames("min-w-[3px]", looks[phase.name].fill)}
            style={{ flexGrow: lengthOf(phase), flexBasis: 0 }}
          />
        ))}
      </div>
      <ul className="mt-2.5 flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {sums.map(({ name, ms, isNow }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span
              aria-hidden
              className={classNames("size-2 rounded-full", looks[name].fill, isNow && "breathe")}
            />
            <span className="text-muted">{looks[name].word}</span>
            <span className="font-medium">{duration(ms)}</span>
            {isNow && <span className="text-faint">now</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
