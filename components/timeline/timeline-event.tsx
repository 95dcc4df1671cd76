import type { SessionDetail } from "#components/live/use-session.ts";
import { Since, duration } from "#components/ui/since.tsx";
import { toneText } from "#components/ui/tone.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import { toneOfKind } from "./tone-of-kind.ts";

const clockLook = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;

/** One event: what, when, and how long after the one before. */
export function TimelineEvent({
  event: { at, kind, text, isBad },
  previousAt,
}: {
  event: SessionDetail["timeline"][number];
  previousAt: string | null;
}) {
  return (
    <li className="relative flex gap-3 pb-4 last:pb-0">
      <span
        aria-hidden
        className="absolute top-4 bottom-0 left-[3.5px] w-px bg-line [li:last-child>&]:hidden"
      />
      <span
        aria-hidden
        className={`mt-[7px] size-2 shrink-0 rounded-full bg-current ring-4 ring-(--bg) ${isBad ? toneText.bad : toneOfKind(kind)}`}
      />
      <div className="min-w-0 flex-1">
        <p className="text-sm [overflow-wrap:anywhere]">{visibleText(text)}</p>
        <p className="text-xs text-faint">
          <time dateTime={at}>{new Date(at).toLocaleTimeString([], clockLook)}</time>
          {" · "}
          <Since at={at} /> ago
          {previousAt !== null && ` · ${duration(Date.parse(at) - Date.parse(previousAt))} later`}
        </p>
      </div>
    </li>
  );
}
