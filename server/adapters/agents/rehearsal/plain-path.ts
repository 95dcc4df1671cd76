import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, relative, sep } from "node:path";

/**
 * The absolute path of a file of the worktree. Throws for one outside of it, in `.git` or `.beads`, and
 * for one that leads through a link: a work item is text from anybody.
 */
export function pathInWorktree(worktree: string, path: string): string {
  const plain = normalize(path);
  const parts = plain.split(sep);
  const refused =
    isAbsolute(plain) ||
    plain.includes("\0") ||
    parts.some((part) => part === ".." || /^\.(git|beads)$/i.test(part)) ||
    ["", ".", "./"].includes(plain);
  if (refused || plain.endsWith(sep)) throw new Error(`${path} is no file of the worktree`);
  const root = realpathSync(worktree);
  const file = join(root, plain);
  for (let above = file; relative(root, above) !== ""; above = dirname(above)) {
    if (lstatSync(above, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Error(`${path} leads through a link`);
  }
  return file;
}
