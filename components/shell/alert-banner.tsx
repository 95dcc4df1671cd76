"use client";

import { HardDrive, Hourglass } from "lucide-react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Until } from "#components/ui/until.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Alert } from "#lib/contract/wire.ts";
import { Banner } from "./banner.tsx";

/** What holds all work up: a limit, exhausted credit, a disk that cannot be written. */
export function AlertBanner() {
  const alerts = useModel((model) => model.alerts);
  return (alerts ?? []).map((alert) => <AlertLine key={alert.id} alert={alert} />);
}

function AlertLine({ alert }: { alert: Alert }) {
  const may = useMay();
  const { run, busy } = useCommand("queue:resume");
  const { kind, text, fix, until, account } = alert;
  return (
    <Banner
      tone={kind === "storage" ? "bad" : "attention"}
      role="alert"
      icon={kind === "storage" ? HardDrive : Hourglass}
      action={
        account !== null && (
          <MayButton whyNot={may.whyNot("queue:resume")} busy={busy} onClick={() => void run({ account })}>
            Go on now
          </MayButton>
        )
      }
    >
      <strong className="font-semibold">{visibleText(text)}</strong>{" "}
      {until && (
        <>
          In <Until at={until} />:{" "}
        </>
      )}
      {fix && <span className="opacity-90">{visibleText(fix)}</span>}
    </Banner>
  );
}
