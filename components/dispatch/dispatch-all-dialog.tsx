"use client";

import { Button } from "#components/ui/button.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";

const listedAtMost = 8;

/** Shows what would be dispatched. */
export default function DispatchAllDialog({
  items,
  onDispatch,
  onClose,
}: {
  items: readonly ItemView[];
  onDispatch: () => void;
  onClose: () => void;
}) {
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
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
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" kind="primary" onClick={onDispatch}>
            Dispatch {items.length}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
