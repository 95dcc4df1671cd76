"use client";

import { Gavel, MessageSquare, Play, RotateCcw, Square } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import type { SessionDetail } from "#components/live/use-session.ts";
import { useMay } from "#components/live/use-may.ts";
import { MayButton } from "#components/ui/may-button.tsx";
import type { SessionView } from "#lib/contract/wire.ts";
import { whenHeard } from "#lib/domain/when-heard.ts";
import { NoteDialog } from "#components/ui/note-dialog.tsx";
import { StopDialog } from "./stop-dialog.tsx";

type Asking = "stop" | "rework" | "message" | "approve" | "reject" | null;

export type OverrulePolicy = SessionDetail["council"]["overrule"];

const OverruleDialog = dynamic(() => import("./overrule-dialog.tsx"), { ssr: false });

/** What a person may decide against the council as it stands. */
function againstCouncil({ status, reason }: SessionView): "approve" | "reject" | null {
  if (status === "approved") return "reject";
  const isRefused = status === "rejected" && reason?.code !== "overruled";
  return isRefused || (status === "failed" && reason?.code === "no-verdict") ? "approve" : null;
}

const canStop = ["queued", "preparing", "running", "waiting", "completed", "reviewing"];
const canResume = ["failed", "interrupted", "stopped"];
const canRework = ["approved", "rejected", "outdated", "failed"];
/** Approved and rejected work hears a person by its rework. */
const canHear = [
  ...["preparing", "running", "waiting", "completed", "reviewing"],
  ...["failed", "interrupted", "stopped"],
];

/** What a person may do with it as it stands. */
export function SessionActions({
  session,
  overrule,
}: {
  session: SessionView;
  overrule: OverrulePolicy | null;
}) {
  const may = useMay();
  const stop = useCommand("session:stop");
  const resume = useCommand("session:resume");
  const rework = useCommand("session:rework");
  const message = useCommand("session:message");
  const [asking, setAsking] = useState<Asking>(null);
  const against = overrule === null || overrule === "nobody" ? null : againstCouncil(session);
  const whyNotOverrule =
    overrule === "landers"
      ? may.whyNot("merge:start", session.repository)
      : overrule === "owners" && may.role !== "owner"
        ? "Only owners overrule a council here."
        : may.whyNot("session:overrule");
  const is = (statuses: string[]) => statuses.includes(session.status);
  const ref = { session: session.id };
  const done = () => setAsking(null);
  // After a conflict the ways on stand with its landing.
  const hasConflict = session.status === "failed" && session.reason?.code === "merge-conflict";
  return (
    <>
      {is(canHear) && !hasConflict && (
        <MayButton
          whyNot={may.whyNot("session:message")}
          kind="quiet"
          size="md"
          onClick={() => setAsking("message")}
        >
          <MessageSquare aria-hidden /> Message
        </MayButton>
      )}
      {is(canRework) && (
        <MayButton
          whyNot={may.whyNot("session:rework")}
          size="md"
          onClick={() => setAsking("rework")}
          busy={rework.busy}
        >
          <RotateCcw aria-hidden /> Rework
        </MayButton>
      )}
      {against && (
        <MayButton
          whyNot={whyNotOverrule}
          size="md"
          kind={against === "approve" ? "plain" : "danger"}
          onClick={() => setAsking(against)}
        >
          <Gavel aria-hidden /> {against === "approve" ? "Approve anyway" : "Reject"}
        </MayButton>
      )}
      {is(canResume) && !hasConflict && (
        <MayButton
          whyNot={may.whyNot("session:resume")}
          size="md"
          kind="primary"
          busy={resume.busy}
          onClick={() => void resume.run(ref)}
        >
          <Play aria-hidden /> Resume
        </MayButton>
      )}
      {is(canStop) && (
        <MayButton
          whyNot={may.whyNot("session:stop")}
          size="md"
          kind="danger"
          busy={stop.busy}
          onClick={() => setAsking("stop")}
        >
          <Square aria-hidden /> Stop
        </MayButton>
      )}
      <StopDialog
        open={asking === "stop"}
        onClose={done}
        onStop={(discard, reason) => {
          done();
          void stop.run({ ...ref, discard, reason });
        }}
      />
      <NoteDialog
        open={asking === "rework"}
        onClose={done}
        title="Send to rework"
        description={`The agent goes on in the same worktree with your words${session.comments > 0 ? ` and the ${session.comments === 1 ? "comment" : `${String(session.comments)} comments`} on the diff` : ""}, and the council looks at it again.`}
        mayBeEmpty={session.comments > 0}
        action="Send to rework"
        onSend={(note) => {
          done();
          void rework.run({ ...ref, note });
        }}
      />
      {(asking === "approve" || asking === "reject") && (
        <OverruleDialog session={session} verdict={asking} onClose={done} />
      )}
      <NoteDialog
        open={asking === "message"}
        onClose={done}
        title="Message to the agent"
        description={`Your words are kept until they are read: ${whenHeard(session.status)}`}
        action="Send"
        onSend={(text) => {
          done();
          void message.run({ ...ref, text }).then((sent) => sent && toast.success("Message kept"));
        }}
      />
    </>
  );
}
