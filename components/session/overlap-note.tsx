import { FileWarning } from "lucide-react";
import Link from "next/link";
import type { Meeting } from "#components/live/use-meetings.ts";
import { useMeetings } from "#components/live/use-meetings.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** Which other sessions change the same files, or work right beside, before either lands. */
export function OverlapNote({ session }: { session: SessionView }) {
  const meetings = useMeetings(session);
  if (meetings.length === 0) return null;
  const collides = meetings.some(({ count }) => count > 0);
  return (
    <details className="group mt-2 text-sm" data-testid="overlap-note">
      <summary
        className={`inline-flex cursor-pointer items-center gap-1.5 rounded-sm ${collides ? "text-attention" : "text-muted"}`}
      >
        <FileWarning className="size-3.5 shrink-0" aria-hidden />
        {summaryOf(meetings)}
      </summary>
      <ul className="mt-1 flex max-h-36 flex-col gap-1 overflow-y-auto pl-5">
        {meetings.map((meeting) => (
          <li key={meeting.session} className="text-xs text-muted">
            <Link
              href={`/sessions/${meeting.session}?tab=diff`}
              className="font-mono text-text underline decoration-line-strong underline-offset-2"
            >
              {meeting.item}
            </Link>{" "}
            <span className="font-mono [overflow-wrap:anywhere]">{placesOf(meeting)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function summaryOf(meetings: readonly Meeting[]): string {
  const colliding = meetings.filter(({ count }) => count > 0);
  const told = colliding.length > 0 ? colliding : meetings;
  const names = told.slice(0, 3).map(({ item }) => item);
  const more = told.length > names.length ? ` and ${String(told.length - names.length)} more` : "";
  const what = colliding.length > 0 ? "Same files as" : "Same folders as";
  return `${what} ${names.join(", ")}${more}`;
}

function placesOf({ files, count, folders }: Meeting): string {
  if (count === 0) return `works beside it in ${folders.map(visibleText).join(", ")}`;
  const more = count > files.length ? ` and ${String(count - files.length)} more` : "";
  return files.map(visibleText).join(", ") + more;
}
