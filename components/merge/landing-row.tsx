"use client";

import { CircleCheck, CircleSlash, CircleX, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import { GateWords } from "./gate-words.tsx";
import { ProposalLink } from "./proposal-link.tsx";

const RevertDialog = dynamic(() => import("./revert-dialog.tsx"), { ssr: false });

/** A landing that has ended: what happened, what was kept, what to do; and the way back. */
export function LandingRow({ landing }: { landing: LandingView }) {
  const { session, item, kind, status, message, conflicts, commit, url, by, gate, endedAt, startedAt } =
    landing;
  const view = useModel((model) => model.sessions.get(session) ?? null);
  const may = useMay();
  const [isAsking, setAsking] = useState(false);
  const hasLanded = status === "landed";
  const isReverted = kind === "merge" && hasLanded && view?.reverted != null;
  const [Icon, tone] = isReverted
    ? ([CircleSlash, "text-faint"] as const)
    : kind === "revert" && hasLanded
      ? ([Undo2, "text-attention"] as const)
      : hasLanded || status === "proposed"
        ? ([CircleCheck, "text-good"] as const)
        : status === "cancelled"
          ? ([CircleSlash, "text-faint"] as const)
          : ([CircleX, "text-bad"] as const);
  const canRevert = kind === "merge" && hasLanded && view?.status === "merged" && !view.reverted;
  return (
    <div className="flex items-start gap-3 py-2.5 text-sm" data-testid="landing-row">
      <Icon className={`mt-0.5 size-4 shrink-0 ${tone}`} aria-label={isReverted ? "taken back" : status} />
      <div className="min-w-0 flex-1">
        <p className="[overflow-wrap:anywhere]">
          <Link
            data-nav
            href={`/sessions/${session}`}
            className="mr-1 font-mono text-xs text-muted hover:text-text"
          >
            {item}
          </Link>{" "}
          <span className={isReverted ? "text-muted" : ""}>{visibleText(message)}</span>
        </p>
        {isReverted && view.reverted && (
          <p className="text-xs text-attention [overflow-wrap:anywhere]">
            Taken back by {view.reverted.by}: {visibleText(view.reverted.reason)}
          </p>
        )}
        {conflicts.length > 0 && (
          <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
            {conflicts.map(visibleText).join(", ")}
          </p>
        )}
        <p className="mt-0.5 flex flex-wrap text-xs text-faint [&>*+*]:before:mx-1.5 [&>*+*]:before:content-['·']">
          {url && <ProposalLink url={url} />}
          {commit && <span className="font-mono">{commit.slice(0, 9)}</span>}
          {gate && gate.status !== "not-configured" && (
            <span>
              <GateWords gate={gate} />
            </span>
          )}
          <span>{by}</span>
          <span>
            <Since at={endedAt ?? startedAt} /> ago
          </span>
        </p>
      </div>
      {canRevert && (
        <MayButton
          whyNot={may.whyNot("merge:revert", landing.repository)}
          kind="quiet"
          aria-label={`Revert ${item}`}
          onClick={() => setAsking(true)}
        >
          <Undo2 aria-hidden /> Revert
        </MayButton>
      )}
      {isAsking && view && <RevertDialog session={view} onClose={() => setAsking(false)} />}
    </div>
  );
}
