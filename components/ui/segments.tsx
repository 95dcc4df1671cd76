import { classNames } from "./class-names.ts";

/** A few choices side by side, one of them taken. */
export function Segments<Value extends string>({
  label,
  choices,
  value,
  onChange,
  className,
}: {
  label: string;
  choices: readonly (readonly [value: Value, word: string])[];
  value: Value;
  onChange: (value: Value) => void;
  className?: string;
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className={classNames("flex rounded-md border border-line bg-sunken p-0.5", className)}
    >
      {choices.map(([each, word]) => (
        <button
          key={each}
          type="button"
          aria-pressed={value === each}
          onClick={() => onChange(each)}
          className={classNames(
            "h-6.5 flex-1 rounded px-2.5 text-xs whitespace-nowrap pointer-coarse:h-9",
            value === each ? "bg-raised font-medium shadow-card" : "text-muted hover:text-text",
          )}
        >
          {word}
        </button>
      ))}
    </div>
  );
}
