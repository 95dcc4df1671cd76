import type { ReactNode } from "react";
import { Since } from "#components/ui/since.tsx";
import { Until } from "#components/ui/until.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** How we know: the process, its last sign of life, and what it is in. */
export function Evidence({ session: { evidence, pid } }: { session: SessionView }) {
  const { process, lastByteAt, tool, retry, background = [] } = evidence;
  const parts: ReactNode[] = [];
  if (process === "alive") parts.push(`process ${pid === null ? "" : `${String(pid)} `}alive`);
  if (process === "stopped") parts.push("process suspended by a signal");
  if (process === "gone") parts.push("process gone");
  if (process === "unknown") parts.push("process not checked yet");
  if (tool) {
    parts.push(
      <>
        <Since at={tool.since} /> in <span className="font-mono">{visibleText(tool.name)}</span>
      </>,
    );
  }
  if (retry) {
    parts.push(
      <>
        retry {retry.attempt} of {retry.of} ({visibleText(retry.error)}) in <Until at={retry.nextAt} />
      </>,
    );
  }
  if (background.length > 0) parts.push(`${String(background.length)} in the background`);
  if (lastByteAt && process !== "none") {
    parts.push(
      <>
        last output <Since at={lastByteAt} /> ago
      </>,
    );
  }
  return parts.map((part, index) => (
    <span key={index} className="text-muted before:mr-3 before:text-faint before:content-['·']">
      {part}
    </span>
  ));
}
