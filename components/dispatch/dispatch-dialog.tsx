"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useRead } from "#components/live/use-read.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Select } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { toast } from "#components/ui/toast.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView, SessionView } from "#lib/contract/wire.ts";

/** Under which role the agent works: what label and rules say, unless somebody chooses. */
export default function DispatchDialog({
  item,
  isAgain = false,
  onClose,
  onDone,
}: {
  item: Pick<ItemView, "repository" | "id" | "title">;
  /** In the place of an earlier session. */
  isAgain?: boolean;
  onClose: () => void;
  onDone?: (session: SessionView) => void;
}) {
  const { run, busy } = useCommand("session:dispatch");
  const { value, problem } = useRead("agent-types", { repository: item.repository, item: item.id }, "");
  const [type, setType] = useState("");
  const send = async () => {
    const done = await run({
      repository: item.repository,
      item: item.id,
      agentType: type === "" ? null : type,
    });
    if (!done) return;
    toast.success(`${item.id} dispatched as ${done.session.agent.type}`);
    onClose();
    onDone?.(done.session);
  };
  const choice = value?.choice ?? null;
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title={isAgain ? `Dispatch ${item.id} again` : `Dispatch ${item.id}`}
      description={
        isAgain
          ? "A new session begins from the base as it is now. What the earlier one did is kept in an archive."
          : visibleText(item.title)
      }
    >
      <form
        className="flex flex-col gap-4 p-5 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          label="Agent type"
          hint={problem?.message ?? (type === "" && choice ? `Because: ${visibleText(choice.why)}.` : null)}
        >
          {(described) => (
            <Select {...described} autoFocus value={type} onChange={(event) => setType(event.target.value)}>
              <option value="">{choice ? `${choice.type} (chosen by itself)` : "chosen by itself"}</option>
              {(value?.types ?? [])
                .filter((each) => each !== choice?.type)
                .map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" kind="primary" type="submit" busy={busy}>
            {isAgain ? "Dispatch again" : "Dispatch"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
