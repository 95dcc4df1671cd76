import { Gavel } from "lucide-react";
import { classNames } from "#components/ui/class-names.ts";
import { Markdown } from "#components/ui/markdown.tsx";
import { Since } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** A person's decision, which counts in place of the council's for exactly one head. */
export function Overruled({ overruled }: { overruled: NonNullable<SessionView["overruled"]> }) {
  const { verdict, by, reason, at, head } = overruled;
  const isApproval = verdict === "approved";
  return (
    <section
      aria-label="A person's decision"
      className={classNames("rounded-xl px-4 py-3", isApproval ? "bg-good-soft" : "bg-bad-soft")}
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Gavel className={classNames("size-4.5", isApproval ? "text-good" : "text-bad")} aria-hidden />
        <span className="font-semibold">
          {visibleText(by)} {verdict} it against the council
        </span>
        <span className="ml-auto text-xs text-muted">
          <span className="font-mono">{head.slice(0, 9)}</span> · <Since at={at} /> ago
        </span>
      </p>
      <Markdown text={reason} className="mt-1 text-sm" />
    </section>
  );
}
