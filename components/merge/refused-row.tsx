"use client";

import { CircleX } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { LandingView, SessionView } from "#lib/contract/wire.ts";
import { LandingTrain } from "./landing-train.tsx";
import { WaysOn } from "./ways-on.tsx";

const GateOutput = dynamic(() => import("./gate-output.tsx"), { ssr: false });

/** Work that did not land and waits for a person: why, what was kept, and the ways on. */
export function RefusedRow({
  session,
  landing,
  titled = true,
}: {
  session: SessionView;
  landing: LandingView;
  titled?: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const { message, conflicts, gate, endedAt, startedAt } = landing;
  const log = gate?.log ?? null;
  return (
    <div className="px-4 py-3" data-testid="refused-row">
      <div className="flex items-start gap-3">
        <CircleX className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
        <div className="min-w-0 flex-1">
          {titled && (
            <p className="text-sm font-medium [overflow-wrap:anywhere]">
              <Link data-nav href={`/sessions/${session.id}`} className="hover:underline">
                <span className="font-mono text-xs text-muted">{session.item.id}</span>{" "}
                {visibleText(session.item.title)}
              </Link>
            </p>
          )}
          <p className="text-xs text-muted [overflow-wrap:anywhere]">
            {visibleText(message)}{" "}
            <span className="text-faint whitespace-nowrap">
              <Since at={endedAt ?? startedAt} /> ago
            </span>
          </p>
          {conflicts.length > 0 && (
            <ul className="mt-1 font-mono text-xs [overflow-wrap:anywhere]">
              {conflicts.slice(0, 12).map((path) => (
                <li key={path}>{visibleText(path)}</li>
              ))}
              {conflicts.length > 12 && <li className="text-faint">and {conflicts.length - 12} more</li>}
            </ul>
          )}
          <div className="mt-2.5">
            <LandingTrain landing={landing} />
          </div>
          <div className="mt-2.5 flex flex-wrap gap-2">
            <WaysOn session={session} refused={landing.status} />
            {log !== null && (
              <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? "Hide the gate's output" : "Show the gate's output"}
              </Button>
            )}
          </div>
          {isOpen && log !== null && <GateOutput session={session.id} log={log} />}
        </div>
      </div>
    </div>
  );
}
