import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** What went wrong, and what to do about it. */
export function Trouble({
  message,
  fix,
  children,
}: {
  message: string;
  fix?: string | null;
  children?: ReactNode;
}) {
  return (
    <div
      role="alert"
      className="flex items-start gap-2.5 rounded-lg border border-line bg-bad-soft px-3 py-2.5 text-sm"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium [overflow-wrap:anywhere]">{message}</p>
        {fix && <p className="text-muted [overflow-wrap:anywhere]">{fix}</p>}
        {children}
      </div>
    </div>
  );
}
