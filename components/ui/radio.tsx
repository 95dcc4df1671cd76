import type { ComponentProps } from "react";

/** One of several; the browser's own input under our look. */
export function Radio(props: Omit<ComponentProps<"input">, "type" | "className">) {
  return (
    <input
      type="radio"
      className="size-4 shrink-0 appearance-none rounded-full border border-line-strong bg-sunken outline-none checked:border-[5px] checked:border-accent"
      {...props}
    />
  );
}
