"use client";

import { Power } from "lucide-react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Banner } from "./banner.tsx";

/** What a restart of the machine has cut off, and one click that lets all of it go on. */
export function InterruptedBanner() {
  const count = useModel(
    (model) =>
      [...model.sessions.values()].filter(({ status, retry }) => status === "interrupted" && !retry).length,
  );
  const { run, busy } = useCommand("session:resume-interrupted");
  const may = useMay();
  if (!count) return null;
  return (
    <Banner
      tone="attention"
      role="status"
      icon={Power}
      testId="interrupted-banner"
      action={
        <MayButton
          whyNot={may.whyNot("session:resume-interrupted")}
          busy={busy}
          onClick={() => void run({ all: true })}
        >
          {count === 1 ? "Resume it" : `Resume all ${String(count)}`}
        </MayButton>
      }
    >
      <strong className="font-semibold text-attention">
        {count === 1 ? "1 session was" : `${String(count)} sessions were`} cut off by a restart of the
        machine.
      </strong>{" "}
      <span className="max-sm:hidden">
        {count === 1
          ? "Its work is kept; it goes on where it was."
          : "Their work is kept; they go on where they were."}
      </span>
    </Banner>
  );
}
