"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Confirm } from "#components/ui/confirm.tsx";
import { MayButton } from "#components/ui/may-button.tsx";
import { toast } from "#components/ui/toast.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { RepositoryView } from "#lib/contract/wire.ts";

/** Lets go of a repository; whatever is in its folder stays. */
export function RemoveRepository({ repository }: { repository: RepositoryView }) {
  const { run, busy } = useCommand("repository:remove");
  const may = useMay();
  const [isAsking, setAsking] = useState(false);
  const name = visibleText(repository.name);
  const remove = async () => {
    const done = await run({ repository: repository.id });
    if (done) toast.success(`${name} was removed`, { description: `${repository.root} is as it was.` });
  };
  return (
    <>
      <MayButton
        whyNot={may.whyNot("repository:remove")}
        kind="quiet"
        size="icon"
        className="size-7"
        busy={busy}
        aria-label={`Remove ${name}`}
        onClick={() => setAsking(true)}
      >
        <Trash2 aria-hidden />
      </MayButton>
      {isAsking && (
        <Confirm
          title={`Remove ${name} from Amplify?`}
          action="Remove"
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        >
          Nothing in its folder is touched, and its sessions and archives are kept: they count again when it
          is added again.
        </Confirm>
      )}
    </>
  );
}
