"use client";

import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import { NoteDialog } from "#components/ui/note-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { ItemView } from "#lib/contract/wire.ts";

/** A closed item comes back into the backlog. */
export function ReopenButton({ item, onChanged }: { item: ItemView; onChanged: () => void }) {
  const may = useMay();
  const reopen = useCommand("item:reopen");
  const [isAsking, setAsking] = useState(false);
  const send = async (reason: string) => {
    setAsking(false);
    const done = await reopen.run({
      repository: item.repository,
      item: item.id,
      ...(reason === "" ? {} : { reason }),
    });
    if (!done) return;
    toast.success(`${item.id} is open again`);
    onChanged();
  };
  return (
    <>
      <MayButton whyNot={may.whyNot("item:reopen")} busy={reopen.busy} onClick={() => setAsking(true)}>
        <RotateCcw aria-hidden /> Reopen
      </MayButton>
      <NoteDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Reopen ${item.id}`}
        description="It is open and nobody's again. Work that has landed for it stays where it is. Why, for the record?"
        mayBeEmpty
        action="Reopen"
        onSend={(reason) => void send(reason)}
      />
    </>
  );
}
