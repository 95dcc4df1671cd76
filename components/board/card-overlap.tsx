import { FileWarning } from "lucide-react";
import { useMeetings } from "#components/live/use-meetings.ts";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** A collision in the making: who else changes the same files. */
export function CardOverlap({ session }: { session: SessionView }) {
  const [first, ...others] = useMeetings(session).filter(({ count }) => count > 0);
  if (!first) return null;
  const files = `${String(first.count)} ${first.count === 1 ? "file" : "files"}`;
  return (
    <p
      data-testid="card-overlap"
      title={first.files.map(visibleText).join("\n")}
      className="flex items-center gap-1 text-2xs text-attention"
    >
      <FileWarning className="size-3 shrink-0" aria-hidden />
      <span className="truncate">
        {files} also in <span className="font-mono">{first.item}</span>
        {others.length > 0 && ` and ${String(others.length)} more`}
      </span>
    </p>
  );
}
