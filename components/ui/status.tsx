import { classNames } from "./class-names.ts";
import type { Tone } from "./tone.ts";
import { toneText } from "./tone.ts";

interface StatusProps {
  word: string;
  tone: Tone;
  /** Breathes: something is at work right now. */
  alive: boolean;
  className?: string;
}

/** A dot and a word; never a colour alone. */
export function Status({ word, tone, alive, className }: StatusProps) {
  return (
    <span
      data-testid="session-status"
      className={classNames(
        "inline-flex items-center gap-1.5 text-xs font-medium whitespace-nowrap",
        toneText[tone],
        className,
      )}
    >
      <span aria-hidden className={classNames("size-1.5 rounded-full bg-current", alive && "breathe")} />
      {word}
    </span>
  );
}
