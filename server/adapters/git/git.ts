import type { LandingGit } from "#server/ports.ts";
import { ancestryOperations } from "./ancestry.ts";
import { archiveOperations } from "./archives.ts";
import { checkoutOperations } from "./checkout.ts";
import type { GitContext } from "./context.ts";
import { explainOperations } from "./explain.ts";
import { diffOperations } from "./diff.ts";
import { createRunOnFiles } from "./drivers.ts";
import { inspectOperations } from "./inspect.ts";
import { mendOperations } from "./mend-checkout.ts";
import { mergeOperations } from "./merge.ts";
import { createRunOnObjects } from "./object-store.ts";
import { readPersonalSettings } from "./personal.ts";
import { refOperations } from "./refs.ts";
import { createRunGit } from "./run-git.ts";
import type { Setting } from "./settings.ts";
import { trailOperations } from "./trail.ts";
import { workOperations } from "./work.ts";
import { worktreeOperations } from "./worktrees.ts";

/**
 * Git for one process; the person's own configuration is read at the first command, once. `home` is a folder
 * of ours for two empty git directories; without it they are in the temp folder and go with the process.
 */
export function createGit({ home = null }: { home?: string | null } = {}): LandingGit {
  let personal: Promise<readonly Setting[]> | null = null;
  const run = createRunGit(() => (personal ??= readPersonalSettings()));
  const context: GitContext = {
    run,
    onObjects: createRunOnObjects(run, home),
    onFiles: createRunOnFiles(run),
  };
  return {
    ...inspectOperations(context),
    ...worktreeOperations(context),
    ...workOperations(context),
    ...ancestryOperations(context),
    ...diffOperations(context),
    ...mergeOperations(context),
    ...explainOperations(context),
    ...trailOperations(context),
    ...refOperations(context),
    ...archiveOperations(context),
    ...checkoutOperations(context),
    ...mendOperations(context),
  };
}
