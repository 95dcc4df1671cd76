import { expect, test } from "vitest";
import { items, repository } from "#e2e/fakes/dashboard/sessions.ts";
import { commands } from "#lib/contract/wire.ts";
import { createInput, draftOf, editInput, emptyDraft, itemsNamed, labelsIn, typedId } from "./item-draft.ts";

const item = items.find(({ id }) => id === "bd-auth.6")!;
const detail = { ...item, description: "Why", acceptance: "- done" };

test("[U33] an edit sends only what was changed, and nothing where nothing was", () => {
  const before = draftOf(detail);
  expect(editInput(before, { ...before, labels: " project:auth " }, item)).toBeNull();
  expect(editInput(before, { ...before, priority: 0, parent: null }, item)).toEqual({
    repository: repository.id,
    item: item.id,
    priority: 0,
    parent: null,
  });
});

test("[U34] a new item is one that the wire takes, its labels apart and each once", () => {
  const draft = { ...emptyDraft, title: "  Do it ", labels: "ui, project:auth ui", dependsOn: [item.id] };
  const input = createInput(draft, repository.id);
  expect(commands["item:create"].input.parse(input)).toMatchObject({
    title: "Do it",
    labels: ["ui", "project:auth"],
    dependsOn: [item.id],
  });
  expect(labelsIn(" , ")).toEqual([]);
});

test("[U35] an item is found by id before title, never itself, and a closed one by its whole id", () => {
  const found = itemsNamed(items, "auth", new Set([item.id]), 20).map(({ id }) => id as string);
  expect(found).not.toContain(item.id);
  expect(found[0]).toMatch(/auth/);
  expect(itemsNamed(items, "BD-PAY.4", new Set(), 5)[0]?.id).toBe("bd-pay.4");
  expect(itemsNamed(items, "  ", new Set(), 5)).toEqual([]);
  expect(typedId(" bd-old.1 ")).toBe("bd-old.1");
  expect(typedId("../x")).toBeNull();
});
