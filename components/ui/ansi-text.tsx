import { memo } from "react";
import { ansiSpans } from "./ansi.ts";
import { classNames } from "./class-names.ts";

/** One line of terminal output. */
export const AnsiText = memo(function AnsiText({ line }: { line: string }) {
  return ansiSpans(line).map((span, index) => {
    const isPlain = span.color === null && span.background === null;
    const isDecorated = span.bold || span.dim || span.italic || span.underline;
    if (isPlain && !isDecorated) return span.text;
    return (
      <span
        key={index}
        className={classNames(
          span.bold && "font-semibold",
          span.dim && "opacity-65",
          span.italic && "italic",
          span.underline && "underline",
        )}
        style={{ color: span.color ?? undefined, backgroundColor: span.background ?? undefined }}
      >
        {span.text}
      </span>
    );
  });
});
