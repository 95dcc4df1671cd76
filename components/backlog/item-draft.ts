import type { CommandInput, ItemView } from "#lib/contract/wire.ts";
import { isItemId } from "#lib/domain/ids.ts";
import type { ItemId } from "#lib/domain/ids.ts";

/** What a person has written about an item so far; labels as one line of text. */
export interface ItemDraft {
  readonly title: string;
  readonly type: string;
  readonly priority: number;
  readonly description: string;
  readonly acceptance: string;
  readonly labels: string;
  readonly parent: ItemId | null;
  /** Only for a new item. */
  readonly dependsOn: readonly ItemId[];
}

export const itemTypes = ["task", "bug", "feature", "chore", "epic"] as const;
export const priorityWords = ["0 critical", "1 high", "2 medium", "3 low", "4 some day"] as const;

export const emptyDraft: ItemDraft = {
  title: "",
  type: "task",
  priority: 2,
  description: "",
  acceptance: "",
  labels: "",
  parent: null,
  dependsOn: [],
};

export function draftOf(item: ItemView & { description: string; acceptance: string }): ItemDraft {
  const { title, type, priority, description, acceptance, labels, parent } = item;
  return { title, type, priority, description, acceptance, labels: labels.join(", "), parent, dependsOn: [] };
}

/** Labels as they were typed, apart by commas or spaces, each once. */
export function labelsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((label) => label !== ""))];
}

export function createInput(
  draft: ItemDraft,
  repository: ItemView["repository"],
): CommandInput<"item:create"> {
  return {
    ...draft,
    repository,
    title: draft.title.trim(),
    labels: labelsIn(draft.labels),
    dependsOn: [...draft.dependsOn],
  };
}

/** Only what was changed, so that what somebody else wrote meanwhile stays; null where nothing was. */
export function editInput(
  before: ItemDraft,
  after: ItemDraft,
  item: Pick<ItemView, "repository" | "id">,
): CommandInput<"item:edit"> | null {
  const changed: Partial<CommandInput<"item:edit">> = {};
  if (after.title.trim() !== before.title) changed.title = after.title.trim();
  if (after.type !== before.type) changed.type = after.type;
  if (after.priority !== before.priority) changed.priority = after.priority;
  if (after.description !== before.description) changed.description = after.description;
  if (after.acceptance !== before.acceptance) changed.acceptance = after.acceptance;
  if (after.parent !== before.parent) changed.parent = after.parent;
  const labels = labelsIn(after.labels);
  if (labels.join(" ") !== labelsIn(before.labels).join(" ")) changed.labels = labels;
  return Object.keys(changed).length === 0
    ? null
    : { ...changed, repository: item.repository, item: item.id };
}

/** The items whose id or title holds the words, the closest first. */
export function itemsNamed(
  items: readonly ItemView[],
  words: string,
  except: ReadonlySet<string>,
  atMost: number,
): ItemView[] {
  const needle = words.trim().toLowerCase();
  if (needle === "") return [];
  const found: { item: ItemView; rank: number }[] = [];
  for (const item of items) {
    if (except.has(item.id)) continue;
    const id = item.id.toLowerCase();
    const rank =
      id === needle
        ? 0
        : id.startsWith(needle)
          ? 1
          : id.includes(needle)
            ? 2
            : item.title.toLowerCase().includes(needle)
              ? 3
              : 4;
    if (rank < 4) found.push({ item, rank });
  }
  return found
    .sort((a, b) => a.rank - b.rank || (a.item.id < b.item.id ? -1 : 1))
    .slice(0, atMost)
    .map(({ item }) => item);
}

/** What was typed, where it is an item's id; closed items are named like this. */
export function typedId(text: string): ItemId | null {
  const id = text.trim();
  return isItemId(id) ? id : null;
}
