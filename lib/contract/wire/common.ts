import { z } from "zod";
import { repositoryId } from "../ids.ts";

export const roles = ["viewer", "operator", "owner"] as const;
export type RoleName = (typeof roles)[number];

/**
 * What is asked for besides the role. `land` goes by repository: owners may everywhere, operators where it was granted.
 * `machine`: only by a command on the server's machine. `person`: it is a person's own word or key, which nothing that runs
 * inside of a session gives.
 */
export type Right = "land" | "machine" | "person";

/** The header by which a command says in which session's environment it runs: its id. */
export const insideHeader = "x-amplify-inside";

/** Text of at most `max` characters. */
export const text = (max: number) => z.string().max(max);
/** True or false, also as the words of a query string. */
export const flag = z.union([z.boolean(), z.stringbool()]).default(false);

/** `<id>` as a person types it: a session's id, a unique prefix of it, or an item's id. */
export const sessionRef = text(200).min(1);
/** A repository's id, or null where exactly one is registered. */
export const repositoryRef = repositoryId.nullable().default(null);
/** `auth` and `project:auth` name the same project; null is the whole backlog. */
export const projectRef = text(500).min(1).nullable().default(null);

/** Something that may be asked of the server: the least role that may, what it takes and what it answers. */
export function operation<Input extends z.ZodType, Output extends z.ZodType>(
  role: RoleName,
  input: Input,
  output: Output,
  right: Right | null = null,
) {
  return { role, input, output, right } as const;
}
