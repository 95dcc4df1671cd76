"use client";

import { ShieldAlert } from "lucide-react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";

/** What somebody did behind Amplify's back, on every page until a person has looked at it. */
export function AlarmBanner() {
  const alarmed = useModel((model) =>
    [...model.repositories.values()].filter(({ alarms }) => alarms.length > 0),
  );
  return alarmed?.map((repository) => <Alarms key={repository.id} repository={repository} />);
}

function Alarms({ repository: { id, name, alarms } }: { repository: RepositoryView }) {
  const { run, busy } = useCommand("repository:acknowledge");
  const may = useMay();
  return (
    <div
      role="alert"
      className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-attention-line bg-attention-soft px-4 py-1.5 text-sm"
    >
      <ShieldAlert className="mt-0.5 size-4 shrink-0 text-attention" aria-hidden />
      <ul className="min-w-0 flex-1 basis-60">
        {alarms.map((alarm) => (
          <li key={`${alarm.kind} ${alarm.at}`} className="[overflow-wrap:anywhere]">
            <strong className="font-semibold text-attention">{visibleText(name)}:</strong>{" "}
            {visibleText(alarm.text)}{" "}
            {alarm.blocks && <strong>Nothing lands until somebody has looked.</strong>}{" "}
            <span className="text-xs text-muted">
              <Since at={alarm.at} /> ago
            </span>
          </li>
        ))}
      </ul>
      <MayButton
        whyNot={may.whyNot("repository:acknowledge")}
        busy={busy}
        onClick={() => void run({ repository: id })}
      >
        I have looked
      </MayButton>
    </div>
  );
}
