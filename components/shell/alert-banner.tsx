"use client";

import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Until } from "#components/ui/until.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { Alert } from "#lib/contract/wire.ts";

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
    <div
      role="alert"
      className={`flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1.5 text-sm ${
        kind === "storage"
          ? "border-line bg-bad-soft text-bad"
          : "border-attention-line bg-attention-soft text-attention"
      }`}
    >
      <p className="min-w-0 flex-1 basis-80 [overflow-wrap:anywhere]">
        <strong className="font-semibold">{visibleText(text)}</strong>{" "}
        {until && (
          <>
            In <Until at={until} />:{" "}
          </>
        )}
        {fix && <span className="opacity-90">{visibleText(fix)}</span>}
      </p>
      {account !== null && (
        <MayButton whyNot={may.whyNot("queue:resume")} busy={busy} onClick={() => void run({ account })}>
          Go on now
        </MayButton>
      )}
    </div>
  );
}
