import { classNames } from "./class-names.ts";

/** Five bars' worth of urgency in three: 0 and 1 stand out, the rest recedes. */
export function Priority({ level }: { level: number }) {
  return (
    <span
      title={`Priority ${String(level)}`}
      className={classNames("font-mono text-2xs", level <= 1 ? "font-semibold text-text" : "text-faint")}
    >
      P{level}
    </span>
  );
}
