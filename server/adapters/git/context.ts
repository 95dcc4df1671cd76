import type { RunOnObjects } from "./object-store.ts";
import type { RunGit } from "./run-git.ts";

/** The three ways in which operations reach git, from the narrowest to the widest. */
export interface GitContext {
  /** On a repository's objects alone, without its configuration: the first choice. */
  readonly onObjects: RunOnObjects;
  /** In a folder of the repository, for refs and registrations: commands that never look at a file's content. */
  readonly run: RunGit;
  /**
   * The same with all content drivers overridden: for every command that reads or writes an index or files.
   * Even `write-tree` runs a clean filter, where a file is as young as the index.
   */
  readonly onFiles: RunGit;
}
