"use client";

import { useState } from "react";
import { useCommand } from "#components/live/use-command.ts";
import { Button } from "#components/ui/button.tsx";
import { Input, TextArea } from "#components/ui/field.tsx";

/** Where a comment is being written. Without a line it is asked for, so that no pointer is needed. */
export interface Draft {
  readonly file: string;
  readonly line: number | null;
  readonly side: "new" | "old";
}

export function CommentForm({
  session,
  draft,
  onClose,
}: {
  session: string;
  draft: Draft;
  onClose: () => void;
}) {
  const add = useCommand("comment:add");
  const [text, setText] = useState("");
  const [line, setLine] = useState("");
  const send = async () => {
    if (text.trim() === "" || add.busy) return;
    const typed = /^\d+$/.test(line) && Number(line) > 0 ? Number(line) : null;
    const kept = await add.run({ session, ...draft, line: draft.line ?? typed, text: text.trim() });
    if (kept) onClose();
  };
  const where = draft.line === null ? draft.file : `line ${String(draft.line)}`;
  return (
    <form
      aria-label={`Comment on ${where}`}
      className="flex max-w-3xl flex-col gap-2 rounded-lg border border-line-strong bg-raised p-3 font-sans shadow-card"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onClose();
        }
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void send();
      }}
    >
      {draft.line === null && (
        <label className="flex items-center gap-2 text-xs text-muted">
          Line, if it is about one
          <Input
            inputMode="numeric"
            className="h-8 w-20"
            value={line}
            onChange={(event) => setLine(event.target.value.trim())}
          />
        </label>
      )}
      <TextArea
        autoFocus
        aria-label={`Your comment on ${where}`}
        placeholder="What should be different here?"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex items-center justify-end gap-2">
        <span className="mr-auto text-xs text-faint">It goes with the next rework.</span>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" busy={add.busy} disabled={text.trim() === ""}>
          Comment
        </Button>
      </div>
    </form>
  );
}
