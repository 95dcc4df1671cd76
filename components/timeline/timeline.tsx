import { History } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { Empty } from "#components/ui/empty.tsx";
import { Markdown } from "#components/ui/markdown.tsx";
import { Placeholder } from "#components/ui/placeholder.tsx";
import { Since, duration } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import { toneOfKind } from "./tone-of-kind.ts";
import { ValidationList } from "./validation-list.tsx";

/** What happened to the session, in its order, with how long each part took. */
export function Timeline({ detail }: { detail: SessionDetail | null }) {
  if (!detail) return <Placeholder lines={6} />;
  const { timeline, summary, validation } = detail;
  if (timeline.length === 0) return <Empty icon={History} title="Nothing has happened yet" />;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto grid max-w-5xl gap-8 p-5 lg:grid-cols-[1fr_20rem]">
        <ol aria-label="Timeline" className="relative min-w-0">
          {timeline.map(({ at, kind, text }, index) => {
            const previous = timeline[index - 1];
            return (
              <li key={index} className="relative flex gap-3 pb-4 last:pb-0">
                <span
                  aria-hidden
                  className="absolute top-4 bottom-0 left-[3.5px] w-px bg-line [li:last-child>&]:hidden"
                />
                <span
                  aria-hidden
                  className={`mt-[7px] size-2 shrink-0 rounded-full bg-current ring-4 ring-(--bg) ${toneOfKind(kind)}`}
                />
                <div className="min-w-0 flex-1">
                  <p className="text-sm [overflow-wrap:anywhere]">{visibleText(text)}</p>
                  <p className="text-xs text-faint">
                    <time dateTime={at}>
                      {new Date(at).toLocaleTimeString([], {
                        hour: "2-digit",
                        minute: "2-digit",
                        second: "2-digit",
                        hourCycle: "h23",
                      })}
                    </time>
                    {" · "}
                    <Since at={at} /> ago
                    {previous && ` · ${duration(Date.parse(at) - Date.parse(previous.at))} later`}
                  </p>
                </div>
              </li>
            );
          })}
        </ol>
        <aside className="flex min-w-0 flex-col gap-6">
          {validation && <ValidationList validation={validation} />}
          {summary !== null && (
            <section aria-label="Summary">
              <h2 className="mb-2 text-xs font-semibold text-muted">Summary</h2>
              <Markdown text={summary} className="text-sm" />
            </section>
          )}
        </aside>
      </div>
    </div>
  );
}
