"use client";

import { Play } from "lucide-react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { ItemView } from "#lib/contract/wire.ts";

/** Starts a session on a ready item. */
export function DispatchButton({ item }: { item: ItemView }) {
  const { run, busy } = useCommand("session:dispatch");
  const may = useMay();
  const dispatch = async () => {
    const done = await run({ repository: item.repository, item: item.id });
    if (done)
      toast.success(`${item.id} dispatched as ${done.session.agent.type}`, {
        description: done.session.agent.why,
      });
  };
  return (
    <MayButton
      whyNot={may.whyNot("session:dispatch")}
      busy={busy}
      onClick={() => void dispatch()}
      aria-label={`Dispatch ${item.id}`}
    >
      <Play aria-hidden />
      Dispatch
    </MayButton>
  );
}
