import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** An empty place says what will come here and what to do next. */
export function Empty({
  icon: Icon,
  title,
  children,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-1.5 px-6 py-16 text-center">
      <Icon className="mb-1 size-6 text-faint" strokeWidth={1.5} aria-hidden />
      <p className="font-medium">{title}</p>
      {children && <div className="text-sm text-muted">{children}</div>}
    </div>
  );
}
