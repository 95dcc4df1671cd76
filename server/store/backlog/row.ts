import { parseItemId } from "#lib/domain/ids.ts";
import type { Dependency, Item } from "#lib/domain/item.ts";
import type { BacklogDependencyModel, BacklogItemModel } from "../generated/models.ts";

/** An item as everybody else sees it. `edges` are those that start at it. */
export function itemOf(row: BacklogItemModel, edges: readonly BacklogDependencyModel[]): Item {
  const id = parseItemId(row.id);
  const parent = row.parent === null ? null : parseItemId(row.parent);
  const dependencies: Dependency[] = edges.map(({ from, to, kind }) => ({
    from: parseItemId(from),
    to: parseItemId(to),
    kind,
  }));
  if (parent !== null) dependencies.push({ from: id, to: parent, kind: "parent-child" });
  return {
    id,
    title: row.title,
    status: row.status,
    priority: row.priority,
    type: row.type,
    description: row.description,
    design: row.design,
    acceptance: row.acceptance,
    notes: row.notes,
    assignee: row.assignee,
    labels: JSON.parse(row.labels) as string[],
    parent,
    dependencies,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    closedAt: row.closedAt,
    closeReason: row.closeReason,
  };
}
