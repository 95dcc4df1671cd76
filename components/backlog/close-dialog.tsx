"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import type { ItemView } from "#lib/contract/wire.ts";

/** Closes an item by hand, with the reason that the tracker keeps. */
export default function CloseDialog({
  item,
  blocks,
  onClose,
  onDone,
}: {
  item: ItemView;
  /** How many items wait for this one alone or with others. */
  blocks: number;
  onClose: () => void;
  onDone: () => void;
}) {
  const { run, busy } = useCommand("item:close");
  const [reason, setReason] = useState("");
  const close = async () => {
    const done = await run({
      repository: item.repository,
      item: item.id,
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    });
    if (done) onDone();
  };
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Close ${item.id}`}
      description={`Work that lands closes its item by itself; this is for what is done or dropped elsewhere.${
        blocks > 0 ? ` ${String(blocks)} ${blocks === 1 ? "item waits" : "items wait"} for it.` : ""
      }`}
    >
      <form
        className="flex flex-col gap-4 p-5 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          void close();
        }}
      >
        <Field label="Reason">
          {(described) => (
            <Input
              {...described}
              maxLength={2000}
              placeholder="Closed by hand"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" kind="danger" type="submit" busy={busy}>
            Close the item
          </Button>
        </div>
      </form>
    </Modal>
  );
}
