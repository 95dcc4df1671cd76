import { z } from "zod";
import { instant, itemId, repositoryId } from "../ids.ts";
import { flag, operation, repositoryRef, text } from "./common.ts";

export const itemView = z.object({
  id: itemId,
  repository: repositoryId,
  title: z.string(),
  type: z.string(),
  status: z.string(),
  priority: z.number(),
  labels: z.array(z.string()),
  assignee: z.string().nullable(),
  parent: itemId.nullable(),
  blockedBy: z.array(itemId),
  /** Null when a session may start on it. */
  unready: z.string().nullable(),
  downstream: z.number().int(),
  updatedAt: instant,
});
export type ItemView = z.infer<typeof itemView>;

export const itemDetail = itemView.extend({
  description: z.string(),
  design: z.string(),
  acceptance: z.string(),
  notes: z.string(),
  dependencies: z.array(z.object({ from: itemId, to: itemId, kind: z.string() })),
  closeReason: z.string().nullable(),
});

/** What an item says. Sizes that the tracker cannot hold are its own to refuse. */
const itemFields = z.object({
  title: text(1000).min(1),
  type: text(50),
  priority: z.number().int().min(0).max(4),
  description: text(100_000),
  acceptance: text(100_000),
  labels: z.array(text(500)).max(100),
  parent: itemId.nullable(),
});
const changedItem = z.object({ item: itemView });

export const itemCommands = {
  "item:create": operation(
    "operator",
    itemFields
      .extend({
        type: itemFields.shape.type.default("task"),
        priority: itemFields.shape.priority.default(2),
        description: itemFields.shape.description.default(""),
        acceptance: itemFields.shape.acceptance.default(""),
        labels: itemFields.shape.labels.default([]),
        parent: itemFields.shape.parent.default(null),
      })
      .extend({ repository: repositoryRef, dependsOn: z.array(itemId).max(100).default([]) }),
    changedItem,
  ),
  /** What is left out stays as it is. */
  "item:edit": operation(
    "operator",
    itemFields.partial().extend({ repository: repositoryRef, item: itemId }),
    changedItem,
  ),
  "item:close": operation(
    "operator",
    z.object({ repository: repositoryRef, item: itemId, reason: text(2000).default("Closed by hand") }),
    changedItem,
  ),
  /** Open again and nobody's, after it was closed. */
  "item:reopen": operation(
    "operator",
    z.object({ repository: repositoryRef, item: itemId, reason: text(2000).default("Reopened by hand") }),
    changedItem,
  ),
  /** Takes it from whoever holds it: open and nobody's. What a session of ours holds goes by stopping that. */
  "item:release": operation("operator", z.object({ repository: repositoryRef, item: itemId }), changedItem),
  /** `item` waits for `on`, or with `remove` does so no longer. */
  "item:depend": operation(
    "operator",
    z.object({
      repository: repositoryRef,
      item: itemId,
      on: itemId,
      kind: z.enum(["blocks", "related", "discovered-from"]).default("blocks"),
      remove: z.boolean().default(false),
    }),
    changedItem,
  ),
} as const;

export const itemReads = {
  items: operation(
    "viewer",
    z.object({
      repository: repositoryRef,
      label: text(500).nullable().default(null),
      closed: flag,
    }),
    z.array(itemView),
  ),
  item: operation("viewer", z.object({ repository: repositoryRef, item: itemId }), itemDetail),
} as const;
