"use client";

import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { SessionView } from "#lib/contract/wire.ts";

const canSend = ["approved", "rejected", "outdated", "failed", "stopped", "interrupted"];

/** Comments wait here; one click sends them all with a rework, where the work is at rest. */
export function UnsentComments({ session }: { session: SessionView }) {
  const rework = useCommand("session:rework");
  const may = useMay();
  const { comments } = session;
  const send = async () => {
    if (await rework.run({ session: session.id })) toast.success("Sent back with your comments");
  };
  return (
    <div className="sticky top-0 z-20 flex flex-wrap items-center gap-3 border-b border-line bg-attention-soft px-4 py-2 text-sm">
      <span>
        {comments === 1 ? "1 comment is" : `${String(comments)} comments are`} not sent yet.{" "}
        <span className="text-muted">
          {canSend.includes(session.status)
            ? "Send it back to have the agent deal with it."
            : "Waiting for the next rework, once the work is at rest."}
        </span>
      </span>
      {canSend.includes(session.status) && (
        <MayButton
          whyNot={may.whyNot("session:rework")}
          className="ml-auto"
          kind="primary"
          busy={rework.busy}
          onClick={() => void send()}
        >
          Send to rework
        </MayButton>
      )}
    </div>
  );
}
