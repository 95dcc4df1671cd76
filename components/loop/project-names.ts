import type { ItemView } from "#lib/contract/wire.ts";

const prefix = "project:";

/** The names that a loop may be narrowed to: those of projects first, then all other labels but those of agents. */
export function projectNames(items: Iterable<Pick<ItemView, "labels">>): {
  projects: readonly string[];
  labels: readonly string[];
} {
  const projects = new Set<string>();
  const labels = new Set<string>();
  for (const item of items) {
    for (const label of item.labels) {
      if (label.startsWith(prefix)) projects.add(label.slice(prefix.length));
      else if (!label.startsWith("agent:")) labels.add(label);
    }
  }
  for (const name of projects) labels.delete(name);
  return { projects: [...projects].sort(), labels: [...labels].sort() };
}
