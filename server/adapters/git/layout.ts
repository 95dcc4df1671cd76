import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isObjectId, type ObjectId, parseObjectId } from "#lib/domain/ids.ts";

/**
 * A little of what git keeps in files, read without starting git: that costs more than everything else in
 * most of our commands. Whatever is not as simple as expected is left to git. Synchronous: a few hundred bytes,
 * which would stand in line behind the disk's syncs in Node's pool.
 */

const refBytes = 200;
const packedBytes = 500_000;

/** Null where there is no such file; undefined where it is a link, no file, too large or not readable. */
function readSmall(path: string, limitBytes: number): string | null | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? null : undefined;
  }
  try {
    const facts = fstatSync(file);
    return facts.isFile() && facts.size <= limitBytes ? readFileSync(file, "latin1") : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** What the worktrees of a repository share, for its main checkout or a linked one; null where only git can tell. */
export function sharedFolder(worktree: string): string | null {
  const dotGit = join(worktree, ".git");
  try {
    if (statSync(dotGit).isDirectory()) return dotGit;
  } catch {
    return null;
  }
  const own = /^gitdir: (.+)\n?$/.exec(readSmall(dotGit, 5000) ?? "")?.[1];
  if (own === undefined) return null;
  const gitDir = resolve(worktree, own);
  const common = /^(.+)\n?$/.exec(readSmall(join(gitDir, "commondir"), 5000) ?? "")?.[1];
  return common === undefined ? null : resolve(gitDir, common);
}

/** What a branch or a ref of ours holds; null where there is none, undefined where only git can tell. */
export function quickRef(repository: string, ref: string): ObjectId | null | undefined {
  const folder = /^refs\/(?:heads|amplify)\//.test(ref) ? sharedFolder(repository) : null;
  if (folder === null || !isFilesFormat(folder)) return undefined;
  // In this order: a ref that is packed meanwhile is in one of the two at every moment.
  const loose = readSmall(join(folder, ref), refBytes);
  if (loose === undefined) return undefined;
  if (loose !== null) {
    const text = loose.trim();
    return isObjectId(text) ? parseObjectId(text) : undefined;
  }
  const packed = readSmall(join(folder, "packed-refs"), packedBytes);
  if (packed === undefined) return undefined;
  const line = packed?.split("\n").find((each) => each.endsWith(` ${ref}`));
  return line === undefined ? null : parseObjectId(line.slice(0, line.indexOf(" ")));
}

function isFilesFormat(folder: string): boolean {
  return statSync(join(folder, "reftable"), { throwIfNoEntry: false }) === undefined;
}

/** How a file looks from outside: whoever writes it changes this. */
export function lookOf(path: string): string {
  try {
    const { dev, ino, size, ctimeNs } = statSync(path, { bigint: true });
    return `${dev} ${ino} ${size} ${ctimeNs}`;
  } catch {
    return "none";
  }
}
