import type { ReactNode } from "react";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { useModel } from "#components/live/use-model.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { plainLine } from "#lib/domain/plain-line.ts";

/** One line that says why the status is what it is. */
export function CardEvidence({ session }: { session: SessionView }) {
  const asked = useModel((model) =>
    session.openQuestions === 0
      ? null
      : ([...model.questions.values()].find((each) => each.session === session.id)?.question.prompts[0]
          ?.text ?? null),
  );
  const line = asked === null ? evidenceOf(session) : <>“{visibleText(plainLine(asked))}”</>;
  return line && <p className="line-clamp-2 text-xs leading-[1.35] text-muted">{line}</p>;
}

function evidenceOf({ status, reason, evidence, summary }: SessionView): ReactNode {
  const { process, tool, lastByteAt, derived } = evidence;
  if (reason && status !== "merged") return visibleText(reason.text);
  if (derived === "stale" && lastByteAt) {
    return (
      <>
        silent for <Since at={lastByteAt} />, process {process}
      </>
    );
  }
  switch (status) {
    case "preparing":
    case "running":
    case "reviewing":
      if (process === "gone") return "its process is gone";
      if (tool) {
        return (
          <>
            <Since at={tool.since} /> in <span className="font-mono text-2xs">{visibleText(tool.name)}</span>
          </>
        );
      }
      return lastByteAt ? (
        <>
          last output <Since at={lastByteAt} /> ago
        </>
      ) : (
        "starting"
      );
    case "queued":
      return "waits for a free slot";
    case "approved":
    case "completed":
      return summary === null ? null : visibleText(summary);
    default:
      return null;
  }
}
