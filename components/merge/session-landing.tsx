"use client";

import { Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { ProposalLink } from "./proposal-link.tsx";
import { isRefused, newestLandings, refusedRevert } from "./refused.ts";

const LandingNow = dynamic(() => import("./landing-now.tsx").then(({ LandingNow: Now }) => Now), {
  ssr: false,
});
const RefusedRow = dynamic(() => import("./refused-row.tsx").then(({ RefusedRow: Row }) => Row), {
  ssr: false,
});
const WaysOn = dynamic(() => import("./ways-on.tsx").then(({ WaysOn: Ways }) => Ways), { ssr: false });
const RevertDialog = dynamic(() => import("./revert-dialog.tsx"), { ssr: false });

/** On a session's own page: its landing under way, why it did not land, or that it has and was taken back. */
export function SessionLanding({ session }: { session: SessionView }) {
  const may = useMay();
  const [isAsking, setAsking] = useState(false);
  const running = useModel(
    (model) =>
      [...model.landings.values()].find((each) => each.session === session.id && each.status === "running") ??
      null,
  );
  const last = useModel((model) => newestLandings(model.landings.values()).get(session.id) ?? null);
  const stuck = useModel((model) => refusedRevert(model.landings.values(), session));
  if (running) {
    return (
      <div className="border-b border-line bg-surface">
        <LandingNow landing={running} titled={false} />
      </div>
    );
  }
  if (session.status === "approved" && last?.status === "proposed" && last.head === session.head) {
    return (
      <div className="flex items-center gap-3 border-b border-line bg-surface px-4 py-2 text-sm sm:px-5">
        <p className="min-w-0 flex-1 text-muted [overflow-wrap:anywhere]">{visibleText(last.message)}</p>
        {last.url && <ProposalLink url={last.url} />}
      </div>
    );
  }
  if (isRefused(session, last)) {
    return (
      <div className="max-h-[45dvh] overflow-y-auto border-b border-line bg-surface">
        <RefusedRow session={session} landing={last} titled={false} />
      </div>
    );
  }
  if (session.status === "failed" && session.reason?.code === "merge-conflict") {
    return (
      <div className="flex flex-col gap-2 border-b border-line bg-surface px-4 py-3 text-sm sm:px-5">
        <p>
          <span className="font-medium text-bad">{visibleText(session.reason.text)}</span>{" "}
          <span className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
            {visibleText(session.reason.detail)}
          </span>
        </p>
        <WaysOn session={session} refused="conflict" />
      </div>
    );
  }
  if (session.status !== "merged") return null;
  const { reverted, mergeCommit, byHand } = session;
  return (
    <div className="flex items-center gap-3 border-b border-line bg-surface px-4 py-2 text-sm sm:px-5">
      <div className="min-w-0 flex-1 text-muted [overflow-wrap:anywhere]">
        {reverted ? (
          <>
            <span className="font-medium text-attention">Taken back</span> by {reverted.by},{" "}
            <Since at={reverted.at} /> ago: {visibleText(reverted.reason)}{" "}
            <span className="font-mono text-xs text-faint">{reverted.commit.slice(0, 9)}</span>
          </>
        ) : (
          <>
            {byHand ? "Merged by hand" : "Merged"} as{" "}
            <span className="font-mono text-xs">{mergeCommit?.slice(0, 9)}</span>
          </>
        )}
        {stuck && (
          <p className="mt-1 max-h-[30dvh] overflow-y-auto text-xs" role="status">
            <span className="font-medium text-bad">Not taken back</span>,{" "}
            <Since at={stuck.endedAt ?? stuck.startedAt} /> ago: {visibleText(stuck.message)}
          </p>
        )}
      </div>
      {!reverted && (
        <MayButton
          whyNot={may.whyNot("merge:revert", session.repository)}
          kind="quiet"
          aria-label={`Revert ${session.item.id}`}
          onClick={() => setAsking(true)}
        >
          <Undo2 aria-hidden /> Revert
        </MayButton>
      )}
      {isAsking && <RevertDialog session={session} onClose={() => setAsking(false)} />}
    </div>
  );
}
