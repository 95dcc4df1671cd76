"use client";

import { FastForward } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { ItemView } from "#lib/contract/wire.ts";

const DispatchAllDialog = dynamic(() => import("./dispatch-all-dialog.tsx"), { ssr: false });

/** Starts a session on every ready item, after showing which. */
export function DispatchAllButton({ items }: { items: readonly ItemView[] }) {
  const { run, busy } = useCommand("session:dispatch-ready");
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (items.length === 0) return null;
  const dispatch = async () => {
    setAsking(false);
    const wanted = new Set<string>(items.map(({ id }) => id));
    let begun = 0;
    const refused: string[] = [];
    for (const repository of new Set(items.map((item) => item.repository))) {
      const done = await run({ repository });
      begun += done?.dispatched.length ?? 0;
      for (const { item, why } of done?.skipped ?? []) {
        if (wanted.has(item) && !why.startsWith("has ")) refused.push(`${item}: ${why}`);
      }
    }
    if (begun > 0)
      toast.success(`${String(begun)} dispatched`, { description: refused.join("\n") || undefined });
    else if (refused.length > 0) toast.error("Nothing was dispatched", { description: refused.join("\n") });
  };
  return (
    <>
      <MayButton
        whyNot={may.whyNot("session:dispatch-ready")}
        kind="quiet"
        busy={busy}
        onClick={() => setAsking(true)}
        aria-label="Dispatch all ready items"
      >
        <FastForward aria-hidden />
        Dispatch all
      </MayButton>
      {asking && (
        <DispatchAllDialog
          items={items}
          onDispatch={() => void dispatch()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
