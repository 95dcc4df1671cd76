"use client";

import { GitMerge } from "lucide-react";
import { toast } from "sonner";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import type { SessionView } from "#lib/contract/wire.ts";
import { PreviewLine } from "./preview-line.tsx";
import { usePreview } from "./use-preview.ts";

/** One click lands the session; before the click it says how that would go. */
export function MergeButton({ session, size = "sm" }: { session: SessionView; size?: "sm" | "md" }) {
  const { run, busy } = useCommand("merge:start");
  const preview = usePreview(session);
  const may = useMay();
  const step = useModel(
    (model) =>
      [...model.landings.values()].find(
        ({ session: id, status }) => id === session.id && status === "running",
      )?.step ?? null,
  );
  const isMerging = session.status === "merging";
  const merge = async () => {
    const done = await run({ repository: session.repository, session: session.id });
    const refused = done?.landings.find(({ status }) => status !== "running" && status !== "landed");
    if (refused) toast.error(refused.message, { duration: 12_000 });
  };
  return (
    <div className="flex items-center justify-between gap-2">
      {isMerging ? (
        <span className="text-2xs text-muted" role="status">
          {step ?? "starting"} …
        </span>
      ) : (
        <PreviewLine {...preview} />
      )}
      {may.land && (
        <Button
          kind="good"
          size={size}
          data-testid="merge-button"
          aria-label={`Merge ${session.item.id}`}
          busy={busy || isMerging}
          disabled={preview.value?.clean === false}
          onClick={() => void merge()}
        >
          <GitMerge aria-hidden />
          {isMerging ? "Merging" : "Merge"}
        </Button>
      )}
    </div>
  );
}
