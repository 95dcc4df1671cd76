"use client";

import { GitMerge, X } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { Locked } from "#components/ui/locked.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { MergePlanView, RepositoryView } from "#lib/contract/wire.ts";
import type { LandingStep } from "#lib/domain/merge.ts";
import { hasLanded } from "#lib/domain/merge.ts";
import { LandingNow } from "./landing-now.tsx";
import { PlanRow } from "./plan-row.tsx";
import { isRefused, newestLandings } from "./refused.ts";
import { RefusedRow } from "./refused-row.tsx";
import { Section } from "./section.tsx";
import { usePlan } from "./use-plan.ts";

const OverlapMatrix = dynamic(() => import("./overlap-matrix.tsx"), { ssr: false });

/** The lane of one repository: what lands now, what would land next and how, what waits for a decision. */
export function RepositoryQueue({ repository, isOnly }: { repository: RepositoryView; isOnly: boolean }) {
  const { value: plan, problem } = usePlan(repository.id);
  const running = useModel((model) =>
    [...model.landings.values()]
      .filter((landing) => landing.repository === repository.id && landing.status === "running")
      .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)),
  );
  const refused = useModel((model) => {
    const newest = newestLandings(model.landings.values());
    return [...model.sessions.values()].filter(
      (session) => session.repository === repository.id && isRefused(session, newest.get(session.id)),
    );
  });
  const landings = useModel((model) => model.landings);
  const newest = newestLandings(landings?.values() ?? []);
  const [showsMatrix, setShowsMatrix] = useState(false);
  if (!running || !refused) return <Placeholder lines={6} />;
  const isEmpty = running.length === 0 && refused.length === 0 && plan?.entries.length === 0;
  if (isEmpty && !isOnly) return null;
  return (
    <section aria-label={repository.name} className="mb-8 flex flex-col gap-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className={isOnly ? "sr-only" : "text-sm font-semibold"}>{visibleText(repository.name)}</h2>
        {plan && plan.entries.length > 0 && (
          <p className="text-sm text-muted">
            {plan.order.length} of {plan.entries.length} would land on{" "}
            <span className="font-mono text-xs">{visibleText(plan.base.name)}</span>
          </p>
        )}
        <div className="ml-auto flex flex-wrap gap-2 empty:hidden max-sm:w-full max-sm:[&>button]:flex-1">
          <LaneActions repository={repository} plan={plan} isRunning={running.some(isCancellable)} />
        </div>
      </header>
      {problem && <Trouble message={problem.message} fix={problem.fix} />}
      {running.length > 0 && (
        <Section
          title={running.length === 1 ? "Landing now" : `Landing now, ${String(running.length)} in a train`}
        >
          {running.map((landing, index) => (
            <LandingNow key={landing.id} landing={landing} isWaiting={index > 0 && landing.step === null} />
          ))}
        </Section>
      )}
      {refused.length > 0 && (
        <Section title="Did not land, and waits for you">
          {refused.map((session) => {
            const landing = newest.get(session.id);
            return landing && <RefusedRow key={session.id} session={session} landing={landing} />;
          })}
        </Section>
      )}
      {plan ? <Plan plan={plan} /> : !problem && <Placeholder lines={4} />}
      {plan && plan.entries.length > 1 && (
        <div>
          <Button kind="quiet" aria-expanded={showsMatrix} onClick={() => setShowsMatrix(!showsMatrix)}>
            {showsMatrix ? "Hide who meets whom" : "Show who meets whom"}
          </Button>
          {showsMatrix && (
            <div className="mt-2 rounded-xl border border-line bg-surface p-4 shadow-card">
              <OverlapMatrix plan={plan} />
            </div>
          )}
        </div>
      )}
    </section>
  );
}

function isCancellable({ step }: { step: string | null }): boolean {
  return !hasLanded(step as LandingStep | null);
}

function LaneActions({
  repository,
  plan,
  isRunning,
}: {
  repository: RepositoryView;
  plan: MergePlanView | null;
  isRunning: boolean;
}) {
  const start = useCommand("merge:start");
  const cancel = useCommand("merge:cancel");
  const may = useMay();
  const whyNot = may.whyNot("merge:start", repository.id);
  if (whyNot !== null) return <Locked>{whyNot}</Locked>;
  const approved = plan?.entries.filter(({ status }) => status === "approved") ?? [];
  const mergeAll = async () => {
    const done = await start.run({ repository: repository.id });
    for (const landing of done?.landings ?? []) {
      if (landing.status !== "running" && landing.status !== "landed") toast.error(landing.message);
    }
  };
  return (
    <>
      {isRunning && (
        <Button
          size="md"
          kind="danger"
          busy={cancel.busy}
          onClick={() => void cancel.run({ repository: repository.id })}
        >
          <X aria-hidden /> Cancel all
        </Button>
      )}
      {approved.length > 0 && (
        <Button kind="good" size="md" busy={start.busy} onClick={() => void mergeAll()}>
          <GitMerge aria-hidden />
          Merge all approved ({approved.length})
        </Button>
      )}
    </>
  );
}

function Plan({ plan }: { plan: MergePlanView }) {
  const entryOf = new Map(plan.entries.map((entry) => [entry.session as string, entry]));
  const itemOf = (session: string) => entryOf.get(session)?.item ?? session;
  const rowOf = (
    session: string,
    place: number | null,
    how: "at-once" | "after-check" | null,
    why: string | null,
    because: string | null,
  ) => {
    const entry = entryOf.get(session);
    if (!entry) return null;
    const meets = plan.overlaps.filter(({ a, b }) => a === session || b === session);
    return (
      <PlanRow
        key={session}
        entry={entry}
        place={place}
        how={how}
        why={why}
        because={because}
        base={plan.base.name}
        meets={meets}
        itemOf={itemOf}
      />
    );
  };
  return (
    <>
      {plan.order.length > 0 && (
        <Section title="Would land, in this order" isOrdered>
          {plan.order.map(({ session, how }, index) => rowOf(session, index + 1, how, null, null))}
        </Section>
      )}
      {plan.leftOut.length > 0 && (
        <Section title="Would not land as things stand">
          {plan.leftOut.map(({ session, because, why }) =>
            rowOf(session, null, null, why, because && itemOf(because)),
          )}
        </Section>
      )}
      {plan.entries.length > 0 &&
        [...plan.notes, ...(plan.cut === null ? [] : [plan.cut])].map((note) => (
          <p key={note} className="text-xs text-muted [overflow-wrap:anywhere]">
            {visibleText(note)}
          </p>
        ))}
    </>
  );
}
