"use client";

import { useState } from "react";
import { Button } from "./button.tsx";
import { Modal } from "./modal.tsx";

interface NoteDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: string;
  action: string;
  /** There is something to send without a word. */
  mayBeEmpty?: boolean;
  isGrave?: boolean;
  onSend: (note: string) => void;
}

/** Asks for a few words and sends them. */
export function NoteDialog({
  open,
  onClose,
  title,
  description,
  action,
  mayBeEmpty = false,
  isGrave = false,
  onSend,
}: NoteDialogProps) {
  const [note, setNote] = useState("");
  const send = () => {
    if (note.trim() === "" && !mayBeEmpty) return;
    onSend(note.trim());
    setNote("");
  };
  return (
    <Modal
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={title}
      description={description}
    >
      <form
        className="flex flex-col gap-3 p-5 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          aria-label={title}
          value={note}
          rows={4}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
          }}
          className="w-full resize-y rounded-md border border-line-strong bg-sunken px-3 py-2 text-sm"
        />
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="md"
            kind={isGrave ? "danger" : "primary"}
            type="submit"
            disabled={note.trim() === "" && !mayBeEmpty}
          >
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
