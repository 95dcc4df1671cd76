"use client";

import { Lock } from "lucide-react";
import type { ComponentProps } from "react";
import { toast } from "./toast.ts";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Hint } from "./hint.tsx";

/** A button for what not everybody may do: to whom it is not given it says why, and does nothing. */
export function MayButton({
  whyNot,
  children,
  ...rest
}: ComponentProps<typeof Button> & {
  /** The reason as a sentence; null for whom it is. */
  whyNot: string | null;
}) {
  if (whyNot === null) return <Button {...rest}>{children}</Button>;
  const { kind: _kind, onClick: _onClick, busy: _busy, title: _title, className, ...same } = rest;
  const label = same["aria-label"];
  return (
    <Hint text={whyNot}>
      <Button
        {...same}
        type="button"
        kind="quiet"
        aria-disabled
        // A label takes the place of all that stands in the button, the reason included.
        aria-label={label === undefined ? undefined : `${label} (${whyNot})`}
        // A finger has no hover: it gets the reason by the tap.
        onClick={() => toast.info(whyNot)}
        className={classNames("!cursor-default !text-faint hover:!bg-transparent", className)}
      >
        <Lock aria-hidden />
        <span className="inline-flex items-center gap-1.5 [&_svg]:hidden">{children}</span>
        <span className="sr-only">({whyNot})</span>
      </Button>
    </Hint>
  );
}
