import { isItemId, type ItemId } from "#lib/domain/ids.ts";
import type { Dependency, Item } from "#lib/domain/item.ts";
import { isObject, type JsonObject } from "./bd-output.ts";

/** An issue as Beads prints it; null for one that has no usable id or is only a tombstone. */
export function readItem(issue: JsonObject): Item | null {
  const id = issue["id"];
  if (typeof id !== "string" || !isItemId(id) || issue["status"] === "tombstone") return null;
  const dependencies = readDependencies(id, issue["dependencies"]);
  return {
    id,
    title: text(issue, "title"),
    status: text(issue, "status") || "open",
    priority: typeof issue["priority"] === "number" ? issue["priority"] : 2,
    type: text(issue, "issue_type") || "task",
    description: text(issue, "description"),
    design: text(issue, "design"),
    acceptance: text(issue, "acceptance_criteria"),
    notes: text(issue, "notes"),
    assignee: text(issue, "assignee") || null,
    labels: Array.isArray(issue["labels"]) ? issue["labels"].filter((each) => typeof each === "string") : [],
    parent: readId(issue["parent"]) ?? dependencies.find((each) => each.kind === "parent-child")?.to ?? null,
    dependencies,
    createdAt: time(issue, "created_at") ?? new Date(0).toISOString(),
    updatedAt: time(issue, "updated_at") ?? new Date(0).toISOString(),
    closedAt: time(issue, "closed_at"),
    closeReason: text(issue, "close_reason") || null,
    closedBy: text(issue, "closed_by_session") || null,
  };
}

/** True where a version lists an item without saying what it depends on (before 0.49.2). */
export function lacksDependencies(issue: JsonObject): boolean {
  return !Array.isArray(issue["dependencies"]) && Number(issue["dependency_count"] ?? 0) > 0;
}

/** Lists print edges; `show` prints whole issues under the same key. */
function readDependencies(from: ItemId, value: unknown): Dependency[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((each) => {
    const to = readId(each["depends_on_id"] ?? each["id"]);
    const kind = text(each, "type") || text(each, "dependency_type") || "blocks";
    return to === null ? [] : [{ from, to, kind }];
  });
}

function readId(value: unknown): ItemId | null {
  return typeof value === "string" && isItemId(value) ? value : null;
}

function text(issue: JsonObject, field: string): string {
  const value = issue[field];
  return typeof value === "string" ? value : "";
}

/** Versions differ in precision and offset, so every time becomes UTC with milliseconds. */
function time(issue: JsonObject, field: string): string | null {
  const at = new Date(text(issue, field));
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
