import { ProblemError } from "../application.ts";
import type { RepositorySettings } from "./ports.ts";

/** The role prompt of an agent type, in Markdown; throws `invalid` with the known types. */
export function rolePrompt({ types }: RepositorySettings["roles"], type: string): string {
  const prompt = Object.hasOwn(types, type) ? types[type] : undefined;
  if (prompt !== undefined) return prompt;
  throw new ProblemError(
    "invalid",
    `There is no agent type ${JSON.stringify(type)}.`,
    `Known types: ${Object.keys(types).join(", ")}. A repository's own lie in .amplify/agents/<type>.md.`,
  );
}
