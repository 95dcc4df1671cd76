import type { ReactNode } from "react";
import { Copy } from "#components/ui/copy.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";
import { bytesText } from "#lib/domain/bytes-text.ts";

const processWords = {
  alive: "alive, seen just now",
  stopped: "suspended by a signal",
  gone: "gone",
  none: "none is expected now",
  unknown: "not looked at yet",
} as const;

/** What the status rests on, and where its files are. */
export function EvidenceList({ session }: { session: SessionView }) {
  const { evidence, pid, worktree, directory } = session;
  const { process, lastByteAt, tool, background = [], log, derived } = evidence;
  const rows: readonly (readonly [string, ReactNode])[] = [
    ["Process", `${pid === null ? "" : `${String(pid)}, `}${processWords[process]}`],
    [
      "Last byte",
      lastByteAt === null ? (
        "none yet"
      ) : (
        <>
          <Since at={lastByteAt} /> ago
        </>
      ),
    ],
    ...(tool
      ? [
          [
            "In a tool",
            <>
              <span className="font-mono text-xs">{visibleText(tool.name)}</span> for{" "}
              <Since at={tool.since} />
            </>,
          ] as const,
        ]
      : []),
    ...(background.length > 0 ? [["In background", visibleText(background.join(", "))] as const] : []),
    ...(log
      ? [["Printed", `${bytesText(log.bytes)} of ${bytesText(log.limitBytes)} that it may`] as const]
      : []),
    ...(derived === "stale"
      ? [["Judged", "stale: too long silent for work that goes on"] as const]
      : derived === "unknown"
        ? [["Judged", "unknown: process and files do not say the same"] as const]
        : []),
    ["Worktree", <Copy key="worktree" value={worktree} label="worktree" />],
    ["Follow", <Copy key="log" value={`tail -f ${directory}/output.log`} label="command" />],
  ];
  return (
    <section aria-label="Evidence">
      <h2 className="mb-2 text-xs font-semibold text-muted">Evidence</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {rows.map(([name, what]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="flex min-w-0 items-baseline gap-1">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
