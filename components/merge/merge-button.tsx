"use client";

import { GitMerge } from "lucide-react";
import { toast } from "sonner";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { Button } from "#components/ui/button.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { PreviewLine } from "./preview-line.tsx";
import type { Preview } from "./use-preview.ts";
import { usePreview } from "./use-preview.ts";

/** One click lands the session; before the click it says how that would go. */
export function MergeButton({
  session,
  size = "sm",
  explain = false,
}: {
  session: SessionView;
  size?: "sm" | "md";
  /** There is room to name what is in the way. */
  explain?: boolean;
}) {
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
  const line = (
    <div className="flex items-center justify-between gap-2">
      {isMerging ? (
        <span className="text-2xs text-muted" role="status">
          {step ?? "starting"} …
        </span>
      ) : (
        <PreviewLine {...preview} short={size === "sm" && !explain} />
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
  return explain ? (
    <div className="flex flex-col gap-1.5">
      {line}
      <Obstacles preview={preview.value} />
    </div>
  ) : (
    line
  );
}

function Obstacles({ preview }: { preview: Preview | null }) {
  const names = [...(preview?.conflicts ?? []), ...(preview?.obstacles ?? [])];
  if (names.length === 0) return null;
  return (
    <div className="text-2xs text-muted">
      <ul className="font-mono [overflow-wrap:anywhere]">
        {names.map((name) => (
          <li key={name}>{visibleText(name)}</li>
        ))}
      </ul>
      {preview?.clean === false && <p>Send it to rework, and its agent resolves them.</p>}
    </div>
  );
}
