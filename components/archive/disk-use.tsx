import type { ReactNode } from "react";
import { useRead } from "#components/live/use-read.ts";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since } from "#components/ui/since.tsx";
import { Trouble } from "#components/ui/trouble.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { bytesText } from "#lib/domain/bytes-text.ts";

/** What sessions, worktrees and archives take up; measured in the background. */
export function DiskUse() {
  const { value, problem } = useRead("storage", {}, "");
  const onlyCopies = value?.repositories.reduce((sum, { archives }) => sum + archives.onlyCopies, 0) ?? 0;
  return (
    <section aria-label="Disk use" className="mt-8">
      <h2 className="mb-2 text-xs font-semibold text-muted">
        Disk use{" "}
        {value && (
          <span className="font-normal text-faint">
            measured <Since at={value.measuredAt} /> ago
          </span>
        )}
      </h2>
      {problem && !value && <Trouble message={problem.message} fix={problem.fix} />}
      {!value && !problem && <Placeholder lines={3} className="p-0" />}
      {value && (
        <div>
          <table className="w-full text-sm max-sm:text-xs">
            <thead className="text-left text-xs text-muted">
              <tr>
                <th className="py-1 font-medium">Repository</th>
                <Right head>Sessions</Right>
                <Right head>Worktrees</Right>
                <Right head>Archives</Right>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {value.repositories.map(({ repository, name, ...parts }) => (
                <tr key={repository}>
                  <td className="py-1.5 [overflow-wrap:anywhere]">{visibleText(name)}</td>
                  {[parts.sessions, parts.worktrees, parts.archives].map(({ count, bytes }, index) => (
                    <Right key={index}>
                      {bytesText(bytes)} <span className="text-faint max-sm:hidden">({count})</span>
                    </Right>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="mt-2 text-xs text-muted">
            {onlyCopies > 0 && `${onlyCopies} of the archives hold work that is in no branch. `}
            Database {bytesText(value.databaseBytes)}, {value.backups.length}{" "}
            {value.backups.length === 1 ? "backup" : "backups"}, {bytesText(value.freeBytes)} free.
          </p>
        </div>
      )}
    </section>
  );
}

function Right({ head = false, children }: { head?: boolean; children: ReactNode }) {
  const Cell = head ? "th" : "td";
  return (
    <Cell
      className={`py-1.5 pl-4 text-right whitespace-nowrap tabular-nums max-sm:pl-2 ${head ? "font-medium" : ""}`}
    >
      {children}
    </Cell>
  );
}
