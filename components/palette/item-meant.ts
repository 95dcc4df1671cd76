import type { ItemView } from "#lib/contract/wire.ts";

/**
 * The item that a person means: by its id, or the most urgent ready one by its project or a word of it. Null where nothing
 * fits.
 */
export function itemMeant(name: string, items: readonly ItemView[]): ItemView | null {
  const word = name.toLowerCase();
  const named = items.find(({ id }) => id.toLowerCase() === word);
  if (named) return named;
  const fitting = items.filter(
    ({ unready, id, title, labels }) =>
      unready === null &&
      (labels.includes(`project:${word}`) || `${id} ${title}`.toLowerCase().includes(word)),
  );
  return fitting.toSorted((a, b) => a.priority - b.priority)[0] ?? null;
}
