"use client";

import { GitMerge } from "lucide-react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { classNames } from "#components/ui/class-names.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { LandingView, SessionView } from "#lib/contract/wire.ts";
import type { LandingStep } from "#lib/domain/merge.ts";
import { nextLandingStep } from "#lib/domain/merge.ts";
import { PreviewLine } from "./preview-line.tsx";
import { isRefused, newestLandings } from "./refused.ts";
import { stepWords } from "./step-words.ts";
import { usePreview } from "./use-preview.ts";

interface MergeButtonProps {
  session: SessionView;
  size?: "sm" | "md";
}

/** One click lands the session; before the click it says how that would go. */
export function MergeButton({ session, size = "sm" }: MergeButtonProps) {
  const last = useModel(
    (model) =>
      newestLandings([...model.landings.values()].filter((each) => each.session === session.id)).get(
        session.id,
      ) ?? null,
  );
  return (
    <div
      className={classNames("flex items-center justify-between gap-2", size === "md" && "max-sm:contents")}
    >
      {session.status === "merging" ? (
        <>
          <span className="text-2xs text-muted" role="status">
            {last?.status === "running" ? workOf(last) : "starting"} …
          </span>
          <LandButton session={session} size={size} kind="good" />
        </>
      ) : isRefused(session, last) ? (
        <>
          <span className="text-2xs text-bad">
            {last.status === "gate-red" ? "gate red" : "did not land"}
          </span>
          <LandButton session={session} size={size} />
        </>
      ) : (
        <Foreseen session={session} size={size} />
      )}
    </div>
  );
}

/** With a phone's page for itself, what is foreseen stands below the buttons. */
function Foreseen({ session, size = "sm" }: MergeButtonProps) {
  const preview = usePreview(session);
  return (
    <>
      <PreviewLine
        preview={preview}
        isShort={size === "sm"}
        className={size === "md" ? "max-sm:order-last max-sm:w-full" : ""}
      />
      <LandButton session={session} size={size} kind={preview.value?.clean === false ? "plain" : "good"} />
    </>
  );
}

/**
 * A conflict that is foreseen does not take the click away: a landing changes nothing then, fails with the files, and shows
 * the ways on, as the command line's does.
 */
export function LandButton({
  session,
  size = "sm",
  kind = "plain",
}: MergeButtonProps & { kind?: "plain" | "good" }) {
  const { run, busy } = useCommand("merge:start");
  const may = useMay();
  const isMerging = session.status === "merging";
  const merge = async () => {
    const done = await run({ repository: session.repository, session: session.id });
    const refused = done?.landings.find(({ status }) => status !== "running" && status !== "landed");
    if (refused) toast.error(refused.message, { duration: 12_000 });
  };
  if (may.role === "viewer") return null;
  return (
    <MayButton
      whyNot={may.whyNot("merge:start", session.repository)}
      kind={kind}
      size={size}
      data-testid="merge-button"
      aria-label={`Merge ${session.item.id}`}
      busy={busy || isMerging}
      onClick={() => void merge()}
    >
      <GitMerge aria-hidden />
      {isMerging ? "Merging" : "Merge"}
    </MayButton>
  );
}

/** The step that it is in. */
function workOf({ step }: LandingView): string {
  const next = nextLandingStep(step as LandingStep | null);
  return next === null ? "done" : stepWords[next];
}
