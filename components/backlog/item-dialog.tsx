"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Select } from "#components/ui/field.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import type { ItemDraft } from "./item-draft.ts";
import { createInput, draftOf, editInput, emptyDraft } from "./item-draft.ts";
import { ItemFields } from "./item-fields.tsx";

interface ItemDialogProps {
  /** What is edited; null writes a new one. */
  item: (ItemView & { description: string; acceptance: string }) | null;
  onClose: () => void;
  onDone: (item: ItemView) => void;
}

/** Writes a new item, or changes one. What was typed is kept when it is refused. */
export default function ItemDialog({ item, onClose, onDone }: ItemDialogProps) {
  const { all, chosen } = useRepositoryChoice();
  const [picked, setPicked] = useState(chosen?.id ?? all[0]?.id);
  const [before] = useState<ItemDraft>(item ? draftOf(item) : emptyDraft);
  const [draft, setDraft] = useState(before);
  const create = useCommand("item:create");
  const edit = useCommand("item:edit");
  const repository = item?.repository ?? picked;
  if (repository === undefined) return null;
  const save = async () => {
    if (draft.title.trim() === "") return;
    if (!item) {
      const done = await create.run(createInput(draft, repository));
      if (done) onDone(done.item);
      return;
    }
    const changes = editInput(before, draft, item);
    const done = changes && (await edit.run(changes));
    if (done) onDone(done.item);
    else if (!changes) onClose();
  };
  const isTouched = draft !== before && JSON.stringify(draft) !== JSON.stringify(before);
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      keepOnOutsideClick={isTouched}
      title={item ? `Edit ${item.id}` : "New item"}
      className="max-w-xl"
    >
      <form
        className="flex min-h-0 flex-col"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void save();
        }}
      >
        <div className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-5 pt-3 pb-4">
          {!item && all.length > 1 && (
            <Field label="Repository">
              {(described) => (
                <Select
                  {...described}
                  value={repository}
                  onChange={(event) => {
                    setPicked(all.find(({ id }) => id === event.target.value)?.id);
                    setDraft({ ...draft, parent: null, dependsOn: [] });
                  }}
                >
                  {all.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {visibleText(name)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <ItemFields draft={draft} repository={repository} self={item?.id ?? null} onChange={setDraft} />
        </div>
        <div className="flex shrink-0 justify-end gap-2 border-t border-line px-5 py-3">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="md"
            kind="primary"
            type="submit"
            busy={create.busy || edit.busy}
            disabled={draft.title.trim() === ""}
          >
            {item ? "Save" : "Create"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
