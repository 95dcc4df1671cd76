"use client";

import { useCommand } from "#components/live/use-command.ts";
import { useModel } from "#components/live/use-model.ts";
import { NoteDialog } from "#components/ui/note-dialog.tsx";
import type { SessionView } from "#lib/contract/wire.ts";

/** Takes a merge back, with the reason that its item is opened again with. */
export default function RevertDialog({ session, onClose }: { session: SessionView; onClose: () => void }) {
  const revert = useCommand("merge:revert");
  const base = useModel((model) => model.repositories.get(session.repository)?.base ?? null);
  return (
    <NoteDialog
      open
      onClose={onClose}
      title={`Take ${session.item.id} back`}
      description={`A revert commit lands on ${base ?? "the base"} through the same lane and gate; no history is rewritten. The item is opened again with your reason.`}
      action="Take it back"
      onSend={(reason) => {
        onClose();
        void revert.run({ session: session.id, reason });
      }}
    />
  );
}
