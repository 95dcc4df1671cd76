import { Check } from "lucide-react";
import type { ComponentProps } from "react";

/** A box that is ticked or empty; the browser's own input under our look. */
export function Checkbox(props: Omit<ComponentProps<"input">, "type" | "className">) {
  return (
    <span className="relative inline-grid size-4 shrink-0 place-items-center">
      <input
        type="checkbox"
        className="peer absolute inset-0 appearance-none rounded border border-line-strong bg-sunken checked:border-accent-solid checked:bg-accent-solid"
        {...props}
      />
      <Check
        aria-hidden
        strokeWidth={3.5}
        className="pointer-events-none invisible relative size-3 text-on-accent peer-checked:visible"
      />
    </span>
  );
}
