import { expect, test } from "vitest";
import type { ItemView } from "#lib/contract/wire.ts";
import { parseItemId, parseRepositoryId } from "#lib/domain/ids.ts";
import { itemMeant } from "./item-meant.ts";

const item = (id: string, more: Partial<ItemView> = {}): ItemView => ({
  id: parseItemId(id),
  repository: parseRepositoryId("0123456789abcdef"),
  title: "Hash passwords",
  type: "task",
  status: "open",
  priority: 2,
  labels: [],
  assignee: null,
  parent: null,
  blockedBy: [],
  unready: null,
  downstream: 0,
  updatedAt: "2026-01-01T00:00:00Z",
  ...more,
});

test("[U243] “Dispatch the auth work item” means the most urgent ready item of auth; an id means that item alone", () => {
  const items = [
    item("bd-1", { labels: ["project:auth"] }),
    item("bd-2", { labels: ["project:auth"], priority: 1 }),
    item("bd-3", { labels: ["project:auth"], priority: 0, unready: "blocked by bd-1" }),
    item("bd-pay.1", { title: "Author the invoice", priority: 0 }),
  ];
  expect(itemMeant("auth", items.slice(0, 3))?.id).toBe("bd-2");
  expect(itemMeant("BD-3", items)?.id).toBe("bd-3");
  expect(itemMeant("invoice", items)?.id).toBe("bd-pay.1");
  expect(itemMeant("nothing", items)).toBeNull();
});
