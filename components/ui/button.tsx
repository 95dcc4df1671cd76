import type { ComponentProps } from "react";
import { cva } from "class-variance-authority";
import { Slot } from "radix-ui";
import { classNames } from "./class-names.ts";

export const buttonLook = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors select-none [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      kind: {
        primary:
          "disabled:bg-line disabled:text-faint disabled:shadow-none disabled:hover:brightness-100 bg-accent-solid text-on-accent shadow-card hover:brightness-110 active:brightness-95",
        good: "disabled:bg-line disabled:text-faint disabled:shadow-none disabled:hover:brightness-100 bg-good-solid text-on-accent shadow-card hover:brightness-110 active:brightness-95",
        plain:
          "disabled:text-faint border border-line-strong bg-surface text-text shadow-card hover:bg-hover",
        quiet: "text-muted hover:bg-hover hover:text-text",
        danger: "border border-line-strong bg-surface text-bad shadow-card hover:bg-bad-soft",
      },
      size: {
        sm: "h-7 px-2.5 text-xs pointer-coarse:h-10 pointer-coarse:px-3.5",
        md: "h-8 px-3 text-sm pointer-coarse:h-11",
        icon: "size-8 pointer-coarse:size-11",
      },
    },
    defaultVariants: { kind: "plain", size: "sm" },
  },
);

interface ButtonProps extends ComponentProps<"button"> {
  kind?: "primary" | "good" | "plain" | "quiet" | "danger";
  size?: "sm" | "md" | "icon";
  /** Lends its look to the one child, such as a link. */
  asChild?: boolean;
  /** At work on the last click: stays in place, takes no second one. */
  busy?: boolean;
}

export function Button({ kind, size, asChild, busy = false, className, disabled, ...rest }: ButtonProps) {
  const Tag = asChild ? Slot.Root : "button";
  return (
    <Tag
      {...(asChild ? {} : { type: "button" as const, disabled: disabled === true || busy })}
      aria-busy={busy || undefined}
      className={classNames(buttonLook({ kind, size }), busy && "breathe", className)}
      {...rest}
    />
  );
}
