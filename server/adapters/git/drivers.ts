import { join } from "node:path";
import { lookOf, sharedFolder } from "./layout.ts";
import { nulFields } from "./names.ts";
import type { RunGit } from "./run-git.ts";
import type { Setting } from "./settings.ts";

/** What git itself does with a file that has no driver of its own. */
const builtInMerge = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B";

/**
 * Overrides for every content driver that the repository's configuration defines, so that a checkout, a
 * status or a merge in one of its folders starts no program: filters hand bytes through as they are, and
 * merge drivers become git's own three-way merge. Diff drivers need none: no diff runs in such a folder.
 *
 * Files of LFS or git-crypt therefore appear in our worktrees in their stored form; what would turn raw
 * bytes into commits or into the person's checkout is refused elsewhere (`FilteredPathsError`, `filtered`).
 * A driver that is added between this look and the command is not covered; who can time that runs as the
 * same user and needs no trick.
 */
export async function withoutDrivers(run: RunGit, folder: string): Promise<readonly Setting[]> {
  const shared = sharedFolder(folder);
  const file = shared && join(shared, "config");
  const look = file && lookOf(file);
  const before = file && known.get(file);
  if (before && before.look === look) return before.settings;
  const { stdout } = await run({ folder, args: ["config", "--list", "--name-only", "--null", "--includes"] });
  const keys = nulFields(stdout);
  const settings = overridesFor(keys);
  if (file && look && keys.every((key) => !isElsewhere.test(key))) known.set(file, { look, settings });
  return settings;
}

/** By the configuration that all worktrees of a repository share: as long as it looks the same, it says the same. */
const known = new Map<string, { readonly look: string; readonly settings: readonly Setting[] }>();

/** Where the configuration goes on in other files, those may change behind its back. */
const isElsewhere = /^(?:include\.path|includeif\..*|extensions\.worktreeconfig)$/is;

function overridesFor(keys: readonly string[]): Setting[] {
  const filters = new Set<string>();
  const merges = new Set<string>();
  for (const key of keys) {
    const driver = /^(filter|merge)\.([\s\S]+)\.[^.]+$/.exec(key);
    if (driver?.[2] === undefined) continue;
    (driver[1] === "filter" ? filters : merges).add(driver[2]);
  }
  return [
    ...[...filters].flatMap((name): Setting[] => [
      [`filter.${name}.clean`, ""],
      [`filter.${name}.smudge`, ""],
      [`filter.${name}.process`, ""],
      [`filter.${name}.required`, "false"],
    ]),
    ...[...merges].flatMap((name): Setting[] => [
      [`merge.${name}.driver`, builtInMerge],
      [`merge.${name}.recursive`, "text"],
    ]),
  ];
}

/** Runs git with {@link withoutDrivers}; costs one more short command where the configuration is new to us. */
export function createRunOnFiles(run: RunGit): RunGit {
  return async (call) =>
    run({ ...call, settings: [...(call.settings ?? []), ...(await withoutDrivers(run, call.folder))] });
}
