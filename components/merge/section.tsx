import type { ReactNode } from "react";
import { Children } from "react";

/** A headed list of rows in one frame. */
export function Section({
  title,
  isOrdered = false,
  children,
}: {
  title: string;
  isOrdered?: boolean;
  children: ReactNode;
}) {
  const List = isOrdered ? "ol" : "ul";
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-semibold text-muted">{title}</h3>
      <List
        aria-label={title}
        className="overflow-hidden rounded-xl border border-line bg-surface shadow-card"
      >
        {Children.toArray(children).map((child, index) => (
          <li key={index} className="border-b border-line last:border-0">
            {child}
          </li>
        ))}
      </List>
    </section>
  );
}
