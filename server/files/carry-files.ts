import { cp, lstat, mkdir, realpath, symlink } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, relative, sep } from "node:path";

/** An ignored file or folder of the main checkout that another checkout needs; `path` is relative to both. */
export interface CarryOrder {
  readonly path: string;
  readonly how: "copy" | "link";
}

/** Brings files along from one checkout into another; what cannot be carried safely is named and left out. */
export async function carryFiles(order: {
  readonly from: string;
  readonly to: string;
  readonly files: readonly CarryOrder[];
}): Promise<{ carried: string[]; problems: string[] }> {
  const carried: string[] = [];
  const problems: string[] = [];
  for (const file of order.files) {
    const problem = await carry(order.from, order.to, file);
    if (problem === null) carried.push(normalize(file.path));
    else problems.push(`${file.path} was not carried: ${problem}.`);
  }
  return { carried, problems };
}

async function carry(from: string, to: string, { path, how }: CarryOrder): Promise<string | null> {
  const relativePath = normalize(path);
  if (isAbsolute(relativePath) || relativePath === "." || relativePath.split(sep).includes("..")) {
    return "the path leaves the repository";
  }
  if ([".git", ".worktrees"].includes(relativePath.split(sep)[0] ?? "")) return "git's own files stay";
  const source = join(from, relativePath);
  const target = join(to, relativePath);
  const real = await realpath(source).catch(() => null);
  if (real === null) return "it does not exist";
  if (isOutside(await realpath(from), real)) return "it is a link out of the repository";
  if (await lstat(target).catch(() => null)) return null;
  await mkdir(dirname(target), { recursive: true });
  if (isOutside(await realpath(to), await realpath(dirname(target)))) {
    return "its folder is a link out of the worktree";
  }
  if (how === "link") await symlink(source, target);
  else await cp(real, target, { recursive: true, errorOnExist: true, force: false, verbatimSymlinks: true });
  return null;
}

function isOutside(folder: string, path: string) {
  const way = relative(folder, path);
  return way.startsWith("..") || isAbsolute(way);
}
