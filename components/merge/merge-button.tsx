"use client";

import { GitMerge } from "lucide-react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { LandingView, SessionView } from "#lib/contract/wire.ts";
import type { LandingStep } from "#lib/domain/merge.ts";
import { nextLandingStep } from "#lib/domain/merge.ts";
import { PreviewLine } from "./preview-line.tsx";
import { isRefused, newestLandings } from "./refused.ts";
import { stepWords } from "./step-words.ts";

/**
 * One click lands the session; before the click it says how that would go. A conflict that is foreseen does not take
 * the click away: a landing changes nothing then, fails with the files, and shows the ways on, as the command line's does.
 */
export function MergeButton({
  session,
  size = "sm",
  isQuiet = false,
}: {
  session: SessionView;
  size?: "sm" | "md";
  /** How it would go is told beside it already, and many stand below each other. */
  isQuiet?: boolean;
}) {
  const { run, busy } = useCommand("merge:start");
  const may = useMay();
  const last = useModel(
    (model) =>
      newestLandings([...model.landings.values()].filter((each) => each.session === session.id)).get(
        session.id,
      ) ?? null,
  );
  const isMerging = session.status === "merging";
  const merge = async () => {
    const done = await run({ repository: session.repository, session: session.id });
    const refused = done?.landings.find(({ status }) => status !== "running" && status !== "landed");
    if (refused) toast.error(refused.message, { duration: 12_000 });
  };
  return (
    <div className="flex items-center justify-between gap-2">
      {isMerging ? (
        <span className="text-2xs text-muted" role="status">
          {last?.status === "running" ? workOf(last) : "starting"} …
        </span>
      ) : isRefused(session, last) ? (
        !isQuiet && <span className="text-2xs text-bad">gate red</span>
      ) : (
        !isQuiet && <PreviewLine session={session} />
      )}
      {may.role !== "viewer" && (
        <MayButton
          whyNot={may.whyNot("merge:start", session.repository)}
          kind={isQuiet ? "plain" : "good"}
          size={size}
          data-testid="merge-button"
          aria-label={`Merge ${session.item.id}`}
          busy={busy || isMerging}
          onClick={() => void merge()}
        >
          <GitMerge aria-hidden />
          {isMerging ? "Merging" : "Merge"}
        </MayButton>
      )}
    </div>
  );
}

/** The step that it is in. */
function workOf({ step }: LandingView): string {
  const next = nextLandingStep(step as LandingStep | null);
  return next === null ? "done" : stepWords[next];
}
