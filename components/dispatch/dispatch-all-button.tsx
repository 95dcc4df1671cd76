"use client";

import { FastForward } from "lucide-react";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";

const listedAtMost = 8;

/** Starts a session on every ready item, after showing which. */
export function DispatchAllButton({ items }: { items: readonly ItemView[] }) {
  const { run, busy } = useCommand("session:dispatch-ready");
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (may.whyNot("session:dispatch-ready") !== null || items.length === 0) return null;
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
      <Button kind="quiet" busy={busy} onClick={() => setAsking(true)} aria-label="Dispatch all ready items">
        <FastForward aria-hidden />
        Dispatch all
      </Button>
      <Modal
        open={asking}
        onOpenChange={setAsking}
        title={`Dispatch ${items.length === 1 ? "the ready item" : `all ${String(items.length)} ready items`}`}
        description="Each gets its own worktree and agent. Those over the limit of sessions at once wait in the queue."
      >
        <div className="flex min-h-0 flex-col gap-4 p-5 pt-3">
          <ul className="min-h-0 overflow-y-auto rounded-lg border border-line text-sm">
            {items.slice(0, listedAtMost).map((item) => (
              <li
                key={`${item.repository}/${item.id}`}
                className="flex items-baseline gap-2 border-b border-line px-3 py-1.5 last:border-0"
              >
                <span className="shrink-0 font-mono text-2xs text-faint">{item.id}</span>
                <span className="min-w-0 truncate">{visibleText(item.title)}</span>
              </li>
            ))}
            {items.length > listedAtMost && (
              <li className="px-3 py-1.5 text-xs text-muted">and {items.length - listedAtMost} more</li>
            )}
          </ul>
          <div className="flex justify-end gap-2">
            <Button size="md" kind="quiet" onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button size="md" kind="primary" onClick={() => void dispatch()}>
              Dispatch {items.length}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  );
}
