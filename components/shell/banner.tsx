import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

const tones = {
  attention: "border-attention-line bg-attention-soft [&>svg]:text-attention",
  bad: "border-line bg-bad-soft text-bad",
} as const;

/** One line on every page for what concerns all of them, with the one thing to do about it at its end. */
export function Banner({
  tone,
  role,
  icon: Icon,
  action,
  children,
  testId,
}: {
  tone: keyof typeof tones;
  role: "alert" | "status" | "note";
  icon: LucideIcon;
  action?: ReactNode;
  children: ReactNode;
  testId?: string;
}) {
  return (
    <div
      role={role}
      data-testid={testId}
      className={classNames(
        "flex shrink-0 items-center gap-x-3 border-b px-4 py-1.5 text-sm max-sm:gap-x-2.5",
        tones[tone],
      )}
    >
      <Icon className="size-4 shrink-0 self-start max-sm:mt-0.5 sm:self-center" aria-hidden />
      <div className="min-w-0 flex-1 leading-snug [overflow-wrap:anywhere]">{children}</div>
      {action}
    </div>
  );
}
