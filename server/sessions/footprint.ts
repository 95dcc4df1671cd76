import { backlogFolders } from "../merging/approval.ts";
import type { Git } from "../ports.ts";
import type { SessionRow } from "./ports.ts";

/** A worktree with more changed paths than this is full of something else than work. */
const mostPaths = 2_000;

/**
 * The paths that a session has changed since its base, committed or not, in order. `committed` remembers the last
 * comparison of commits, which is made again only where one of them is another.
 */
export async function readFootprint(
  git: Pick<Git, "workState" | "changes">,
  root: string,
  { view, spec }: Pick<SessionRow, "view" | "spec">,
  committed: { key: string; paths: readonly string[] },
): Promise<string[]> {
  const base = view.base ?? spec?.base.oid ?? null;
  if (!base) return [];
  const live = await git.workState(view.worktree, base).catch(() => null);
  const head = live?.head ?? view.head;
  const key = `${base} ${head ?? ""}`;
  if (head && key !== committed.key) {
    const changes = head === base ? [] : await git.changes(root, base, head);
    committed.key = key;
    committed.paths = changes.flatMap(({ path, from }) => (from === null ? [path] : [path, from]));
  }
  return [...new Set([...(head ? committed.paths : []), ...(live?.uncommitted ?? [])])]
    .filter((path) => !backlogFolders.some((folder) => path.startsWith(`${folder}/`)))
    .sort()
    .slice(0, mostPaths);
}
