"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import type { SessionView } from "#lib/contract/wire.ts";

interface OverruleDialogProps {
  session: SessionView;
  verdict: "approve" | "reject";
  onClose: () => void;
}

/** A person decides against the council: with a reason, and for exactly the change that it was opened on. */
export default function OverruleDialog({ session, verdict, onClose }: OverruleDialogProps) {
  const overrule = useCommand("session:overrule");
  const [reason, setReason] = useState("");
  const [{ base, head }] = useState(session);
  const hasMoved = session.head !== head || session.base !== base;
  const isApproval = verdict === "approve";
  const send = async () => {
    if (reason.trim() === "" || hasMoved || overrule.busy) return;
    const input = { session: session.id, verdict, reason: reason.trim(), head };
    if (await overrule.run(input)) onClose();
  };
  return (
    <Modal
      open
      keepOnOutsideClick
      onOpenChange={(open) => !open && onClose()}
      title={isApproval ? "Approve against the council" : "Reject against the council"}
      description={
        isApproval
          ? "Your word counts in place of the council's, for exactly this change. It may land then."
          : "Your word counts in place of the council's. The work does not land; you can send it to rework."
      }
    >
      <form
        className="flex flex-col gap-3 p-5 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void send();
        }}
      >
        <p className="rounded-md bg-sunken px-3 py-2 font-mono text-xs text-muted">
          {session.item.id} · {base?.slice(0, 9)}…{head?.slice(0, 9)}
        </p>
        {hasMoved && (
          <p role="alert" className="text-sm text-bad">
            The work has moved since you opened this, to{" "}
            <span className="font-mono text-xs">{session.head?.slice(0, 9)}</span>. Close it and look again
            before you decide.
          </p>
        )}
        <Field
          label="Reason"
          hint={
            isApproval
              ? "Kept in the audit, and on the merge commit with your name."
              : "Kept in the audit, with your name."
          }
        >
          {(described) => (
            <TextArea
              {...described}
              autoFocus
              required
              maxLength={2000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="md"
            kind={isApproval ? "good" : "danger"}
            type="submit"
            busy={overrule.busy}
            disabled={hasMoved || reason.trim() === ""}
          >
            {isApproval ? "Approve it" : "Reject it"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
