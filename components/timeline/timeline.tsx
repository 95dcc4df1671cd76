import { History } from "lucide-react";
import { useMemo } from "react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import type { SessionView } from "#lib/contract/wire.ts";
import { EvidenceList } from "./evidence-list.tsx";
import { PhaseBar } from "./phase-bar.tsx";
import { phasesOf } from "./phases.ts";
import { TimelineEvent } from "./timeline-event.tsx";
import { ValidationList } from "./validation-list.tsx";

/** What happened to the session, in its order, with how long each part took. */
export function Timeline({ session, detail }: { session: SessionView; detail: SessionDetail | null }) {
  const phases = useMemo(() => (detail ? phasesOf({ ...detail, session }) : []), [detail, session]);
  if (!detail) return <Placeholder lines={6} />;
  const { timeline, summary, validation } = detail;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto grid max-w-5xl gap-8 p-4 sm:p-5 lg:grid-cols-[1fr_20rem]">
        <div className="min-w-0">
          <PhaseBar phases={phases} />
          {timeline.length === 0 && <Empty icon={History} title="Nothing has happened yet" />}
          <ol aria-label="Timeline" className="relative">
            {timeline.map((event, index) => (
              <TimelineEvent key={index} event={event} previousAt={timeline[index - 1]?.at ?? null} />
            ))}
          </ol>
        </div>
        <aside className="flex min-w-0 flex-col gap-6">
          <EvidenceList session={session} />
          {validation && <ValidationList validation={validation} />}
          {summary !== null && (
            <section aria-label="Summary">
              <h2 className="mb-2 text-xs font-semibold text-muted">Summary</h2>
              <Markdown text={summary} className="text-sm" />
            </section>
          )}
        </aside>
      </div>
    </div>
  );
}
