"use client";

import { UserMinus } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Confirm } from "#components/ui/confirm.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { toast } from "#components/ui/toast.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";

/** Takes the item from whoever holds it in the backlog, such as a person who has left or a session that is long gone. */
export function ReleaseButton({ item, onChanged }: { item: ItemView; onChanged: () => void }) {
  const may = useMay();
  const release = useCommand("item:release");
  const [isAsking, setAsking] = useState(false);
  const { assignee } = item;
  if (assignee === null) return null;
  const send = async () => {
    const done = await release.run({ repository: item.repository, item: item.id });
    if (!done) return;
    toast.success(`${item.id} is nobody's`);
    onChanged();
  };
  return (
    <>
      <MayButton
        whyNot={may.whyNot("item:release")}
        kind="quiet"
        busy={release.busy}
        onClick={() => setAsking(true)}
      >
        <UserMinus aria-hidden /> Release
      </MayButton>
      {isAsking && (
        <Confirm
          title={`Take ${item.id} from ${visibleText(assignee)}?`}
          action="Release"
          onConfirm={() => void send()}
          onClose={() => setAsking(false)}
        >
          It is open and nobody&apos;s then, and may be dispatched. Whoever holds it is not asked.
        </Confirm>
      )}
    </>
  );
}
