"use client";

import { X } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { LandingView } from "#lib/contract/wire.ts";
import type { LandingStep } from "#lib/domain/merge.ts";
import { hasLanded } from "#lib/domain/merge.ts";
import { LandingTrain } from "./landing-train.tsx";

const GateOutput = dynamic(() => import("./gate-output.tsx"), { ssr: false });

/** A landing under way: its steps, what its gate prints, and the way out while there is one. */
export function LandingNow({
  landing,
  titled = true,
  isWaiting = false,
}: {
  landing: LandingView;
  titled?: boolean;
  /** Another landing of its lane goes first. */
  isWaiting?: boolean;
}) {
  const cancel = useCommand("merge:cancel");
  const may = useMay();
  const title = useModel((model) => model.sessions.get(landing.session)?.item.title ?? null);
  const isGating = landing.gate?.status === "running";
  const [opened, setOpened] = useState<boolean | null>(null);
  const isOpen = opened ?? isGating;
  const log = landing.gate?.log ?? null;
  const canCancel = !hasLanded(landing.step as LandingStep | null);
  return (
    <div className="px-4 py-3" data-testid="landing-now">
      <div className="flex items-start gap-x-3 gap-y-2 max-sm:flex-wrap">
        <div className="min-w-0 flex-1 max-sm:basis-full">
          {titled && (
            <p className="truncate text-sm font-medium">
              <Link
                data-nav
                href={`/sessions/${landing.session}`}
                className="mr-1 font-mono text-xs text-muted hover:text-text"
              >
                {landing.item}
              </Link>{" "}
              {landing.kind === "revert" && "Taking back: "}
              {visibleText(title ?? "")}
            </p>
          )}
          <p className="text-xs text-muted [overflow-wrap:anywhere]" role="status">
            {visibleText(landing.message)}{" "}
            <span className="text-faint">
              <Since at={landing.startedAt} />
            </span>
          </p>
        </div>
        {log !== null && (
          <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpened(!isOpen)}>
            {isOpen ? "Hide gate" : "Show gate"}
          </Button>
        )}
        {canCancel && (
          <MayButton
            whyNot={may.whyNot("merge:cancel", landing.repository)}
            kind="danger"
            aria-label={`Cancel the landing of ${landing.item}`}
            busy={cancel.busy}
            onClick={() => void cancel.run({ repository: landing.repository, session: landing.session })}
          >
            <X aria-hidden /> Cancel
          </MayButton>
        )}
      </div>
      {!isWaiting && (
        <div className="mt-2.5">
          <LandingTrain landing={landing} />
        </div>
      )}
      {isOpen && log !== null && <GateOutput key={log} session={landing.session} log={log} />}
    </div>
  );
}
