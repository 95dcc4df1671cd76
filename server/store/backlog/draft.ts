import { z } from "zod";
import { WorkSourceError, type ItemDraft } from "#server/ports.ts";

/** The types that the built-in backlog knows: those of Beads that are work, and the two that hold work. */
export const itemTypes = [
  "task",
  "bug",
  "feature",
  "chore",
  "decision",
  "spike",
  "story",
  "epic",
  "milestone",
] as const;

const textLimit = 100_000;
const text = z
  .string()
  .max(textLimit, `is longer than ${textLimit} characters`)
  .refine((value) => !value.includes("\0"), "holds a NUL character");

const draftSchema = z
  .object({
    title: text
      .refine((value) => value.trim() !== "", "is empty")
      .refine((value) => !/\p{Cc}/u.test(value), "is more than one line of plain text"),
    type: z.enum(itemTypes, `is none of ${itemTypes.join(", ")}`),
    priority: z.number().int().min(0, "is below 0").max(4, "is above 4"),
    description: text,
    acceptance: text,
    labels: z
      .array(
        z
          .string()
          .max(500)
          .refine(
            (label) => !/[,"\p{Cc}]|^\s|\s$|^$/u.test(label),
            "is empty, or has a comma, a quote or spaces around it",
          ),
      )
      .max(100),
    parent: z.string().nullable(),
  })
  .partial();

/** Throws `invalid` for the first thing that an item cannot be. */
export function checkDraft(draft: Partial<ItemDraft>): void {
  const { success, error } = draftSchema.safeParse(draft);
  const issue = error?.issues[0];
  if (!success && issue)
    throw new WorkSourceError("invalid", `The item's ${issue.path.join(" ")} ${issue.message}.`);
}
