"use client";

import { ChevronDown, Play } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import type { ItemView } from "#lib/contract/wire.ts";

const DispatchDialog = dynamic(() => import("./dispatch-dialog.tsx"), { ssr: false });

/** Starts a session on a ready item; with `mayChoose` also under another agent type than label and rules say. */
export function DispatchButton({ item, mayChoose = false }: { item: ItemView; mayChoose?: boolean }) {
  const { run, busy } = useCommand("session:dispatch");
  const may = useMay();
  const whyNot = may.whyNot("session:dispatch");
  const [isChoosing, setChoosing] = useState(false);
  const dispatch = async () => {
    const done = await run({ repository: item.repository, item: item.id });
    if (done)
      toast.success(`${item.id} dispatched as ${done.session.agent.type}`, {
        description: done.session.agent.why,
      });
  };
  const hasChoice = mayChoose && whyNot === null;
  return (
    <span className="inline-flex">
      <MayButton
        whyNot={whyNot}
        busy={busy}
        onClick={() => void dispatch()}
        aria-label={`Dispatch ${item.id}`}
        className={hasChoice ? "rounded-r-none" : ""}
      >
        <Play aria-hidden />
        Dispatch
      </MayButton>
      {hasChoice && (
        <Button
          onClick={() => setChoosing(true)}
          aria-label={`Choose the agent type for ${item.id}`}
          className="-ml-px rounded-l-none px-1.5"
        >
          <ChevronDown aria-hidden />
        </Button>
      )}
      {isChoosing && <DispatchDialog item={item} onClose={() => setChoosing(false)} />}
    </span>
  );
}
