"use client";

import { ShieldAlert } from "lucide-react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";
import { Banner } from "./banner.tsx";

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
    <Banner
      tone="attention"
      role="alert"
      icon={ShieldAlert}
      action={
        <MayButton
          whyNot={may.whyNot("repository:acknowledge")}
          busy={busy}
          onClick={() => void run({ repository: id })}
        >
          I have looked
        </MayButton>
      }
    >
      <ul>
        {alarms.map((alarm) => (
          <li key={`${alarm.kind} ${alarm.at}`}>
            <strong className="font-semibold text-attention">{visibleText(name)}:</strong>{" "}
            {visibleText(alarm.text)}{" "}
            {alarm.blocks && <strong>Nothing lands until somebody has looked.</strong>}{" "}
            <span className="text-xs text-muted">
              <Since at={alarm.at} /> ago
            </span>
          </li>
        ))}
      </ul>
    </Banner>
  );
}
