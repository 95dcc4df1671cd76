import { nulFields } from "./names.ts";
import { rememberConfiguration } from "./remember-configuration.ts";
import { readPersonalConfig, type RunGit } from "./run-git.ts";

/** Those of `entries` that the person's own git would send through a filter. With `index`, its attributes count, not the folder's. */
export async function filteredPaths(
  onFiles: RunGit,
  worktree: string,
  entries: readonly { readonly bytes: Buffer }[],
  index?: string,
): Promise<string[]> {
  if (entries.length === 0) return [];
  const defined = await definedFilters(worktree);
  if (defined.size === 0) return [];
  const { stdout } = await onFiles({
    folder: worktree,
    args: ["check-attr", "-z", "--stdin", ...(index === undefined ? [] : ["--cached"]), "filter"],
    input: Buffer.concat(entries.flatMap(({ bytes }) => [bytes, Buffer.of(0)])),
    ...(index === undefined ? {} : { env: { GIT_INDEX_FILE: index } }),
  });
  const fields = nulFields(stdout);
  const filtered: { path: string; filter: string }[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = "", , value = ""] = fields.slice(at, at + 3);
    if (value !== "unspecified" && value !== "unset") filtered.push({ path, filter: value });
  }
  return filtered.filter(({ filter }) => defined.has(filter)).map(({ path }) => path);
}

/** The filters that the person's configuration or the repository's defines; an attribute without one does nothing. */
export const definedFilters = rememberConfiguration(async (worktree): Promise<ReadonlySet<string>> => {
  const names = await readPersonalConfig(worktree, ["--name-only", "--get-regexp", "^filter\\."]);
  return new Set(nulFields(Buffer.from(names)).map((name) => name.replace(/^filter\.|\.[^.]+$/g, "")));
});
