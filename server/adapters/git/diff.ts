import type { ObjectId } from "#lib/domain/ids.ts";
import type { FileChange, Git } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { checkObjectIds, nulFields } from "./names.ts";
import type { RunOnObjects } from "./object-store.ts";

/** On objects alone: no attribute that the compared commits bring along can hide a change. */
const literalDiff = [
  "diff-tree",
  "-r",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--ignore-submodules=none",
];

export function diffOperations({ onObjects }: GitContext): Pick<Git, "changes" | "diff"> {
  return {
    changes: (repository, from, to) => readChanges(onObjects, repository, from, to),

    async diff(repository, from, to, { limitBytes, paths = [] }) {
      checkObjectIds(from, to);
      if (limitBytes <= 0) return { text: "", truncated: true };
      const { stdout, cut } = await onObjects(repository, {
        args: [...literalDiff, "-p", "-M", from, to, "--", ...paths],
        cutAtBytes: limitBytes,
      });
      if (!cut && stdout.length <= limitBytes) return { text: stdout.toString("utf8"), truncated: false };
      const whole = stdout.subarray(0, limitBytes);
      const lastLine = whole.lastIndexOf(0x0a) + 1;
      // A cut inside one enormous line still must not split a character.
      const end = lastLine > 0 ? lastLine : characterBoundary(whole);
      return { text: whole.subarray(0, end).toString("utf8"), truncated: true };
    },
  };
}

function characterBoundary(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return Math.max(0, end - 1);
}

/** The mode of a place where another repository's commit stands. */
const gitlink = "160000";

const kinds: Readonly<Record<string, FileChange["kind"]>> = {
  A: "added",
  M: "modified",
  D: "deleted",
  R: "renamed",
};

/** `--raw --numstat -z` prints all kinds first, then all counts, in one order. */
export async function readChanges(
  onObjects: RunOnObjects,
  repository: string,
  from: ObjectId,
  to: ObjectId,
  options: { renames: boolean } = { renames: true },
): Promise<FileChange[]> {
  checkObjectIds(from, to);
  const { stdout } = await onObjects(repository, {
    args: [...literalDiff, "--raw", "--numstat", "-z", options.renames ? "-M" : "--no-renames", from, to],
  });
  const fields = nulFields(stdout)[Symbol.iterator]();
  const next = () => String(fields.next().value);
  const named: Pick<FileChange, "path" | "from" | "kind">[] = [];
  const changes: FileChange[] = [];
  for (const field of fields) {
    if (field.startsWith(":")) {
      const [before = "", after = "", , , status = ""] = field.slice(1).split(" ");
      const letter = status[0] ?? "";
      const first = next();
      const moved = letter === "R" || letter === "C";
      named.push({
        path: moved ? next() : first,
        from: moved ? first : null,
        kind: [before, after].includes(gitlink) ? "submodule" : (kinds[letter] ?? "other"),
      });
      continue;
    }
    const name = named[changes.length];
    const [added = "", removed = "", ...path] = field.split("\t");
    // For a rename the counts stand alone and both paths follow.
    if (path.join("\t") === "") {
      next();
      next();
    }
    if (name) changes.push({ ...name, added: count(added), removed: count(removed) });
  }
  return changes;
}

function count(text: string): number | null {
  return text === "-" ? null : Number(text);
}
