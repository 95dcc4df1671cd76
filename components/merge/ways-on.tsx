"use client";

import { RotateCcw, Terminal, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import type { SessionView } from "#lib/contract/wire.ts";

const ByHandDialog = dynamic(() => import("./by-hand-dialog.tsx"), { ssr: false });

/** How work goes on that did not land: back to its agent, by hand, or from the start. */
export function WaysOn({ session, isConflict }: { session: SessionView; isConflict: boolean }) {
  const sendBack = useCommand("session:send-back");
  const dispatch = useCommand("session:dispatch");
  const may = useMay();
  const [byHand, setByHand] = useState(false);
  return (
    <div className="flex flex-wrap gap-2">
      <MayButton
        whyNot={may.whyNot("session:send-back")}
        kind="primary"
        busy={sendBack.busy}
        onClick={() => {
          void sendBack.run({ session: session.id }).then((sent) => {
            if (!sent) return;
            toast.success(
              isConflict ? "Sent back: its agent merges the base in" : "Sent back with the gate's output",
              { description: "Validation and council follow by themselves." },
            );
          });
        }}
      >
        <Undo2 aria-hidden /> Send it back
      </MayButton>
      {isConflict && (
        <Button onClick={() => setByHand(true)}>
          <Terminal aria-hidden /> Resolve by hand
        </Button>
      )}
      {isConflict && (
        <MayButton
          whyNot={may.whyNot("session:dispatch")}
          busy={dispatch.busy}
          title="A new session begins from the base as it is now. What this one did is kept in an archive."
          onClick={() => {
            void dispatch
              .run({ repository: session.repository, item: session.item.id })
              .then((done) => done && toast.success("Dispatched again from the new base"));
          }}
        >
          <RotateCcw aria-hidden /> Dispatch again
        </MayButton>
      )}
      {byHand && <ByHandDialog session={session} onClose={() => setByHand(false)} />}
    </div>
  );
}
