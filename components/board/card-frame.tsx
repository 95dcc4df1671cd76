import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A card whose link fills it; buttons inside lie above the link. */
export function CardFrame({
  urgent = false,
  quiet = false,
  testId,
  children,
}: {
  urgent?: boolean;
  quiet?: boolean;
  testId?: string;
  children: ReactNode;
}) {
  return (
    <article
      data-testid={testId}
      className={classNames(
        "relative flex flex-col gap-1.5 rounded-lg border bg-surface px-3 py-2.5 shadow-card transition-colors hover:border-line-strong has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-accent",
        urgent ? "border-attention-line" : "border-line",
        quiet && "bg-transparent shadow-none",
      )}
    >
      {children}
    </article>
  );
}
