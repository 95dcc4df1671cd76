import { classNames } from "./class-names.ts";
import { visibleText } from "./visible-text.ts";

/** `Mira Vogel` is MV, `mira` is MI. */
export function initials(name: string): string {
  const words = visibleText(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const [first = "?", second] = words.map((word) => Array.from(word));
  return (
    second ? `${first[0] ?? ""}${second[0] ?? ""}` : Array.from(first).slice(0, 2).join("")
  ).toUpperCase();
}

/** Always the same colour for the same person; it means nothing else. */
function hueOf(id: string): number {
  let hash = 2166136261;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return (hash % 15) * 24;
}

/** A person as two letters. What it stands for has to be said beside it, or by its `label`. */
export function Avatar({
  id,
  name,
  label,
  className,
}: {
  id: string;
  name: string;
  label?: string;
  className?: string;
}) {
  const hue = String(hueOf(id));
  return (
    <span
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
      style={{
        backgroundColor: `light-dark(oklch(0.91 0.05 ${hue}), oklch(0.34 0.06 ${hue}))`,
        color: `light-dark(oklch(0.36 0.1 ${hue}), oklch(0.93 0.04 ${hue}))`,
      }}
      className={classNames(
        "grid size-6 shrink-0 place-items-center rounded-full text-[10px] leading-none font-semibold select-none",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
