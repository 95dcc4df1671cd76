import { existsSync } from "node:fs";
import type { ObjectId } from "#lib/domain/ids.ts";
import { pastHalfMade } from "./half-made.ts";
import { nulFields, objectIdOrNull } from "./names.ts";
import type { RunGit } from "./run-git.ts";

export interface ListedWorktree {
  readonly path: string;
  /** The main checkout, or the bare repository itself: git lists it first. */
  readonly main: boolean;
  readonly bare: boolean;
  /** Null before the first commit, and where bare. */
  readonly head: ObjectId | null;
  /** Without `refs/heads/`. */
  readonly branch: string | null;
  /** Null where it is not locked. */
  readonly lockReason: string | null;
  readonly missing: boolean;
}

export async function listWorktrees(run: RunGit, repository: string): Promise<ListedWorktree[]> {
  const list = () => run({ folder: repository, args: ["worktree", "list", "--porcelain", "-z"] });
  const { stdout } = await pastHalfMade(list);
  const listed: ListedWorktree[] = [];
  let fields = new Map<string, string>();
  for (const line of [...nulFields(stdout), ""]) {
    if (line !== "") {
      const space = line.indexOf(" ");
      fields.set(space < 0 ? line : line.slice(0, space), space < 0 ? "" : line.slice(space + 1));
      continue;
    }
    const path = fields.get("worktree");
    if (path !== undefined) {
      const head = fields.get("HEAD");
      listed.push({
        path,
        main: listed.length === 0,
        bare: fields.has("bare"),
        head: head === undefined ? null : objectIdOrNull(head),
        branch: fields.get("branch")?.replace(/^refs\/heads\//, "") ?? null,
        lockReason: fields.get("locked") ?? null,
        missing: !existsSync(path),
      });
    }
    fields = new Map();
  }
  return listed;
}
