"use client";

import { GitMerge, RotateCcw, Terminal, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import type { LandingView, SessionView } from "#lib/contract/wire.ts";

const ByHandDialog = dynamic(() => import("./by-hand-dialog.tsx"), { ssr: false });

/** How work goes on that did not land: back to its agent, by hand, from the start, or once more when nothing is in its way. */
export function WaysOn({
  session,
  refused,
}: {
  session: SessionView;
  /** What its landing came to. */
  refused: LandingView["status"];
}) {
  const isConflict = refused === "conflict";
  const sendBack = useCommand("session:send-back");
  const dispatch = useCommand("session:dispatch");
  const may = useMay();
  const [byHand, setByHand] = useState(false);
  if (!isConflict && refused !== "gate-red") return <TryAgain session={session} />;
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

/** The work is as good as before: what was in the way is seen to elsewhere, and then it is landed again. */
function TryAgain({ session }: { session: SessionView }) {
  const start = useCommand("merge:start");
  const may = useMay();
  return (
    <MayButton
      whyNot={may.whyNot("merge:start", session.repository)}
      busy={start.busy}
      onClick={() => void start.run({ repository: session.repository, session: session.id })}
    >
      <GitMerge aria-hidden /> Land it again
    </MayButton>
  );
}
