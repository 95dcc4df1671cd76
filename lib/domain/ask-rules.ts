import { patternOf } from "./path-pattern.ts";

/** What only a person lands: items with a label, changes of a path, changes beyond a size. */
export type AskRule =
  | { readonly label: string }
  /** As in `.gitignore` without negation: `*` stays in a folder, `**` does not. */
  | { readonly path: string }
  /** More than so many. */
  | { readonly files: number }
  | { readonly lines: number };

export interface Change {
  /** Of the item, as it was dispatched and as it is now. */
  readonly labels: readonly string[];
  /** Both names of a rename. */
  readonly paths: readonly string[];
  readonly lines: number;
}

/** Work must not loosen the rules by which it lands. */
const always: readonly AskRule[] = [{ path: "amplify.config.json" }, { path: ".amplify/**" }];

/** Why a person has to land this, in words for people; empty where a policy may. */
export function asksFor(rules: readonly AskRule[], { labels, paths, lines }: Change): string[] {
  return [...always, ...rules].flatMap((rule) => {
    if ("label" in rule) return labels.includes(rule.label) ? [`It has the label ${rule.label}.`] : [];
    if ("files" in rule) {
      return paths.length > rule.files ? [`It changes ${paths.length} files, more than ${rule.files}.`] : [];
    }
    if ("lines" in rule) {
      return lines > rule.lines ? [`It changes ${lines} lines, more than ${rule.lines}.`] : [];
    }
    const pattern = patternOf(rule.path);
    const hit = paths.find((path) => pattern.test(path));
    return hit === undefined ? [] : [`It changes ${hit}${hit === rule.path ? "" : ` (${rule.path})`}.`];
  });
}
