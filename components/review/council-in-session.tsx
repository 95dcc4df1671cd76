import { Scale } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** The council that is being held now: since when, what it has done, what it is at. */
export function CouncilInSession({ session, detail }: { session: SessionView; detail: SessionDetail }) {
  const { timeline, steps } = detail;
  const opened = timeline.findLastIndex(({ kind }) => kind === "council-opened");
  const openedAt = timeline[opened]?.at ?? session.since;
  const held = opened === -1 ? [] : timeline.slice(opened + 1).filter(({ kind }) => kind.startsWith("part-"));
  const step = steps.at(-1);
  return (
    <section
      aria-label="Council in session"
      className="rounded-xl border border-line bg-review-soft px-4 py-3"
    >
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Scale className="breathe size-4.5 text-review" aria-hidden />
        <h2 className="font-semibold text-review">The council is in session</h2>
        <span className="ml-auto text-xs text-muted">
          Round {session.round + 1} · <Since at={openedAt} />
        </span>
      </div>
      <ol className="mt-2 flex flex-col gap-1 text-sm">
        {held.map(({ at, text }, index) => (
          <li key={index} className="text-muted [overflow-wrap:anywhere]">
            {visibleText(text)}{" "}
            <span className="text-xs">
              <Since at={at} /> ago
            </span>
          </li>
        ))}
        {step && (
          <li>
            Now {visibleText(step.purpose)}, for <Since at={step.startedAt} />
          </li>
        )}
      </ol>
      <p className="mt-2 text-xs text-muted">
        Its reports appear here with the verdict; follow it in the transcript meanwhile.
      </p>
    </section>
  );
}
