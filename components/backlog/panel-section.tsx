import type { ReactNode } from "react";

export function PanelSection({
  name,
  action,
  children,
}: {
  name: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={name}>
      <div className="mb-1 flex min-h-7 items-center justify-between">
        <h3 className="text-xs font-semibold text-muted">{name}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
