import type { ComponentProps, ReactNode } from "react";
import { useId } from "react";
import { classNames } from "./class-names.ts";

const box =
  "w-full rounded-md border border-line-strong bg-sunken px-3 text-sm placeholder:text-faint pointer-coarse:text-base";
export const inputLook = classNames(box, "h-9 pointer-coarse:h-11");

interface Described {
  id: string;
  "aria-describedby": string | undefined;
}

/** A field under its name, with a hint below that is read out with it. */
export function Field({
  label,
  hint,
  className,
  children,
}: {
  label: string;
  hint?: ReactNode;
  className?: string;
  children: (described: Described) => ReactNode;
}) {
  const id = useId();
  return (
    <div className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {children({ id, "aria-describedby": hint ? `${id}-hint` : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={classNames(inputLook, className)} {...rest} />;
}

export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={classNames(inputLook, "pr-8", className)} {...rest} />;
}

/** Grows with what is written into it. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={classNames(box, "[field-sizing:content] max-h-[40vh] min-h-20 resize-y py-2", className)}
      {...rest}
    />
  );
}
