import { type ObjectId } from "#lib/domain/ids.ts";
import { isWithin, nulFields, objectIdOrNull } from "./names.ts";
import type { RunGit } from "./run-git.ts";

export interface StatusEntry {
  readonly path: string;
  /** The path's bytes, which need not be UTF-8. */
  readonly bytes: Buffer;
  /** Differs between head and index. */
  readonly staged: boolean;
  /** Differs between index and file. */
  readonly unstaged: boolean;
  readonly untracked: boolean;
  readonly conflicted: boolean;
  /** An untracked repository inside the worktree; git lists it and nothing in it. */
  readonly nested: boolean;
}

export interface Status {
  readonly head: ObjectId | null;
  readonly entries: readonly StatusEntry[];
}

/** The backlog's own files: never part of a task's work. */
export const backlogFolder = ".beads";

export function isBacklog(path: string): boolean {
  return isWithin(path, backlogFolder);
}

/**
 * The state of a worktree, without writing to its index. Submodules count with their commit only: their
 * own folders have a configuration of their own, into which we do not go.
 */
export async function readStatus(onFiles: RunGit, worktree: string): Promise<Status> {
  const { stdout } = await onFiles({
    folder: worktree,
    args: [
      "status",
      "--porcelain=v2",
      "-z",
      "--branch",
      "--untracked-files=all",
      "--no-renames",
      "--ignore-submodules=dirty",
    ],
  });
  let head: ObjectId | null = null;
  const entries: StatusEntry[] = [];
  for (const field of nulFields(stdout, "latin1")) {
    if (field.startsWith("# branch.oid ")) {
      const oid = field.slice("# branch.oid ".length);
      head = oid === "(initial)" ? null : objectIdOrNull(oid);
    }
    const entry = parseEntry(field);
    if (entry !== null) entries.push(entry);
  }
  return { head, entries };
}

/** `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path`, `? path`; a path may hold blanks. */
function parseEntry(field: string): StatusEntry | null {
  const [kind, xy = ""] = field.split(" ", 2);
  const fieldsBeforePath = kind === "1" ? 8 : kind === "u" ? 10 : kind === "?" ? 1 : null;
  if (fieldsBeforePath === null) return null;
  const path = field.split(" ").slice(fieldsBeforePath).join(" ");
  const untracked = kind === "?";
  const bytes = Buffer.from(path.replace(/\/$/, ""), "latin1");
  return {
    path: bytes.toString("utf8"),
    bytes,
    staged: kind === "1" && xy[0] !== ".",
    unstaged: kind === "1" && xy[1] !== ".",
    untracked,
    conflicted: kind === "u",
    nested: untracked && path.endsWith("/"),
  };
}
