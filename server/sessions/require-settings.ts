import { ProblemError } from "../application.ts";
import type { RepositoryRow, RepositorySettings } from "./ports.ts";

/** Refuses what goes by the repository's configuration while that is not known. */
export function requireSettings({ name }: RepositoryRow, { block }: Pick<RepositorySettings, "block">): void {
  if (block === null) return;
  throw new ProblemError(
    "unavailable",
    `The configuration of ${name} is not known. ${block}`,
    "Mend it first.",
  );
}
