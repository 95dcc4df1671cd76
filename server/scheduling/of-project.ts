import { isInProject } from "#lib/domain/scheduling.ts";
import { ProblemError } from "../application.ts";

/** Those of a project, `auth` and `project:auth` alike; all where it is null. One that no item has is refused. */
export function ofProject<Labelled extends { readonly labels: readonly string[] }>(
  items: readonly Labelled[],
  project: string | null,
): readonly Labelled[] {
  if (project === null) return items;
  const found = items.filter((item) => isInProject(item, project));
  if (found.length > 0) return found;
  const present = [...new Set(items.flatMap(({ labels }) => labels))].sort();
  throw new ProblemError(
    "not-found",
    `No item has the label ${project}.`,
    present.length > 0 ? `Labels present: ${present.slice(0, 50).join(", ")}` : "No item has a label.",
  );
}
