import type { ActivityView } from "#lib/contract/wire.ts";

export type ActivityLine =
  | { readonly kind: "day"; readonly key: string; readonly word: string }
  | { readonly kind: "fact"; readonly key: string; readonly fact: ActivityView }
  | { readonly kind: "earlier"; readonly key: "earlier" };

/** Newest first, with a line above each day; `dayOf` says which day an instant is, where the reader lives. */
export function activityLines(
  facts: readonly ActivityView[],
  hasEarlier: boolean,
  dayOf: (instant: string) => string,
): ActivityLine[] {
  const lines: ActivityLine[] = [];
  let day: string | null = null;
  for (const fact of facts) {
    const word = dayOf(fact.at);
    if (word !== day) lines.push({ kind: "day", key: `day ${word} ${String(fact.seq)}`, word });
    day = word;
    lines.push({ kind: "fact", key: String(fact.seq), fact });
  }
  if (hasEarlier) lines.push({ kind: "earlier", key: "earlier" });
  return lines;
}
