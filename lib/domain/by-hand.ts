import type { ItemId } from "./ids.ts";
import { oneLine } from "./merge.ts";

export interface ByHand {
  /** Root of the main checkout. */
  readonly root: string;
  readonly base: string;
  readonly source: "beads" | "backlog";
  readonly item: ItemId;
  readonly branch: string;
  readonly worktree: string;
  readonly summary: string | null;
  readonly title: string;
}

/**
 * What to type, one command a line, to land a session with plain git: after it the session is merged by hand, and its
 * item closed. Every text in it is quoted for a POSIX shell, whoever wrote it.
 */
export function byHandCommands(order: ByHand): readonly string[] {
  const { root, base, source, item, branch, worktree } = order;
  const heading = oneLine(order.summary ?? "", 72) || oneLine(order.title, 72) || "no summary";
  const reason = quoted(`Merged to ${base}`);
  const close = source === "beads" ? "bd close" : "amplify item close";
  return [
    `cd ${quoted(root)}`,
    `git switch ${quoted(base)}`,
    `git merge --no-ff ${quoted(branch)} -m ${quoted(`Merge ${item}: ${heading}`)}`,
    `${addConflicts} && git commit --no-edit`,
    `${close} ${quoted(item)} --reason ${reason}`,
    `git worktree remove ${quoted(worktree)}`,
  ];
}

/** The files that the merge left in conflict and nothing else: whatever else lies in a person's checkout stays out of the commit. */
const addConflicts = "git diff --name-only --diff-filter=U -z | xargs -0 git --literal-pathspecs add --";

/** As one word of a POSIX shell; plain where nothing in it could mean something else. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) && !text.startsWith("-")
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
