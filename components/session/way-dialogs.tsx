"use client";

import dynamic from "next/dynamic";
import { useCommand } from "#components/live/use-command.ts";
import { NoteDialog } from "#components/ui/note-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import type { Way } from "#lib/domain/ways-on.ts";
import { whenHeard } from "#lib/domain/when-heard.ts";
import { StopDialog } from "./stop-dialog.tsx";

const OverruleDialog = dynamic(() => import("./overrule-dialog.tsx"), { ssr: false });

/** What is asked before a way is taken. A note that was begun stays until it is sent. */
export function WayDialogs({
  session,
  asking,
  onClose,
}: {
  session: SessionView;
  asking: Way | null;
  onClose: () => void;
}) {
  const stop = useCommand("session:stop");
  const resume = useCommand("session:resume");
  const rework = useCommand("session:rework");
  const message = useCommand("session:message");
  const ref = { session: session.id };
  const comments =
    session.comments === 0
      ? ""
      : ` and the ${session.comments === 1 ? "comment" : `${String(session.comments)} comments`} on the diff`;
  return (
    <>
      <StopDialog
        open={asking === "stop"}
        onClose={onClose}
        onStop={(discard, reason) => {
          onClose();
          void stop.run({ ...ref, discard, reason });
        }}
      />
      <NoteDialog
        open={asking === "rework"}
        onClose={onClose}
        title="Send to rework"
        description={`The agent goes on in the same worktree with your words${comments}, and the council looks at it again.`}
        mayBeEmpty={session.comments > 0}
        action="Send to rework"
        onSend={(note) => {
          onClose();
          void rework.run({ ...ref, note });
        }}
      />
      <NoteDialog
        open={asking === "message"}
        onClose={onClose}
        title="Message to the agent"
        description={`Your words are kept until they are read: ${whenHeard(session.status)}`}
        action="Send"
        onSend={(text) => {
          onClose();
          void message.run({ ...ref, text }).then((sent) => sent && toast.success("Message kept"));
        }}
      />
      <NoteDialog
        open={asking === "resume-fresh"}
        onClose={onClose}
        title="Resume with a new conversation"
        description="The worktree stays as it is. A new conversation begins, and is told what was done, said and answered so far; and your words, if there are any."
        mayBeEmpty
        action="Resume"
        onSend={(note) => {
          onClose();
          void resume.run({ ...ref, note, fresh: true });
        }}
      />
      <NoteDialog
        open={asking === "give-up"}
        onClose={onClose}
        title={`Give ${session.item.id} up`}
        description="Worktree and branch go, and the item is free again in the backlog. All of the work is kept in an archive, from which it can be brought back. Why, for the record?"
        mayBeEmpty
        isGrave
        action="Give up"
        onSend={(reason) => {
          onClose();
          void stop
            .run({ ...ref, discard: true, reason })
            .then((done) => done && toast.success(`${session.item.id} is given up`));
        }}
      />
      {(asking === "approve" || asking === "reject") && (
        <OverruleDialog session={session} verdict={asking} onClose={onClose} />
      )}
    </>
  );
}
