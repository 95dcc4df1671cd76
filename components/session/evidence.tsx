import type { ReactNode } from "react";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** How we know: the process, its last sign of life, and what it is in. */
export function Evidence({ session: { evidence, pid } }: { session: SessionView }) {
  const { process, lastByteAt, tool } = evidence;
  const parts: ReactNode[] = [];
  if (process === "alive") parts.push(`process ${pid === null ? "" : `${String(pid)} `}alive`);
  if (process === "gone") parts.push("process gone");
  if (process === "unknown") parts.push("process not checked yet");
  if (tool) {
    parts.push(
      <>
        <Since at={tool.since} /> in <span className="font-mono">{visibleText(tool.name)}</span>
      </>,
    );
  }
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
