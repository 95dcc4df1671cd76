"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Input } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";

/** Stops, and asks whether the work is given up; either way nothing is lost. */
export function StopDialog({
  open,
  onClose,
  onStop,
}: {
  open: boolean;
  onClose: () => void;
  onStop: (discard: boolean, reason: string) => void;
}) {
  const [discard, setDiscard] = useState(false);
  const [reason, setReason] = useState("");
  return (
    <Modal
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Stop this session"
      description="The agent and all that it started end. The branch and the worktree are kept."
    >
      <form
        className="flex flex-col gap-3 p-5 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          onStop(discard, reason.trim());
        }}
      >
        <Input
          aria-label="Why, for the record"
          placeholder="Why, for the record (optional)"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <label className="flex items-start gap-2.5 text-sm">
          <span className="mt-0.5 inline-flex">
            <Checkbox checked={discard} onChange={(event) => setDiscard(event.target.checked)} />
          </span>
          <span>
            Give the item back to the backlog
            <span className="block text-xs text-muted">
              The work is archived first, so that it can be brought back.
            </span>
          </span>
        </label>
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" kind="danger" type="submit">
            {discard ? "Stop and give back" : "Stop"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
