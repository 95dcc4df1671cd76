import { type ObjectId, parseObjectId } from "#lib/domain/ids.ts";
import type { Conflict, LandingGit } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { checkObjectIds, isWithin, nulFields } from "./names.ts";

/** More than these help nobody, and every file is one object to read. */
const mostFiles = 50;
const mostHunks = 20;
const mostLines = 20;
const mostBytes = 1_000_000;

/** What `git cat-file --batch` begins each blob with. */
const blobHeader = /^[0-9a-f]+ blob (\d+)\n/;

export function explainOperations({
  onObjects,
}: GitContext): Pick<LandingGit, "explainConflict" | "specialChanges"> {
  /** The blobs of `names`, in their order; null for what is no blob or too large. */
  async function blobs(repository: string, names: readonly string[]): Promise<(Buffer | null)[]> {
    if (names.length === 0) return [];
    const { stdout: sizes } = await onObjects(repository, {
      args: ["cat-file", "--batch-check"],
      input: names.map((name) => `${name}\n`).join(""),
    });
    const small = sizes
      .toString("utf8")
      .split("\n")
      .map((line) => {
        const [oid, kind, size] = line.split(" ");
        return kind === "blob" && Number(size) <= mostBytes ? oid : undefined;
      });
    const wanted = small.flatMap((oid) => oid ?? []);
    const texts = new Map<string, Buffer>();
    if (wanted.length > 0) {
      const { stdout } = await onObjects(repository, {
        args: ["cat-file", "--batch"],
        input: wanted.map((oid) => `${oid}\n`).join(""),
      });
      let at = 0;
      for (const oid of wanted) {
        const header = blobHeader.exec(stdout.subarray(at, at + 200).toString("latin1"));
        if (!header) break;
        const from = at + header[0].length;
        at = from + Number(header[1]);
        texts.set(oid, stdout.subarray(from, at));
        at += 1;
      }
    }
    return names.map((_, index) => texts.get(small[index] ?? "") ?? null);
  }

  /** The object of each path in a tree; names with line breaks cannot be asked for and have none. */
  async function objectsIn(repository: string, tree: ObjectId, paths: readonly string[]) {
    const { stdout } = await onObjects(repository, {
      args: ["ls-tree", "-r", "-z", "--full-tree", tree, "--", ...paths],
    });
    const found = new Map<string, string>();
    for (const line of nulFields(stdout)) {
      const tab = line.indexOf("\t");
      found.set(line.slice(tab + 1), line.slice(0, tab).split(" ")[2] ?? "");
    }
    return found;
  }

  return {
    async explainConflict(repository, ours, theirs, { keepOurs = [] } = {}) {
      checkObjectIds(ours, theirs);
      const { exitCode, stdout } = await onObjects(repository, {
        args: ["merge-tree", "--write-tree", "-z", "--name-only", "--messages", ours, theirs],
        answers: [1],
      });
      if (exitCode === 0) return [];
      const [tree = "", ...fields] = nulFields(stdout);
      const end = fields.indexOf("");
      const paths = [...new Set(end < 0 ? fields : fields.slice(0, end))].filter(
        (path) => !keepOurs.some((folder) => isWithin(path, folder)),
      );
      const kinds = kindsOf(end < 0 ? [] : fields.slice(end + 1));
      const shown = paths.slice(0, mostFiles);
      const objects = await objectsIn(repository, parseObjectId(tree), shown);
      const named = shown.filter((path) => objects.has(path));
      const texts = await blobs(
        repository,
        named.map((path) => objects.get(path) ?? ""),
      );
      return paths.map((path): Conflict => {
        const text = texts[named.indexOf(path)] ?? null;
        return {
          path,
          kind: kinds.get(path) ?? "contents",
          hunks: text === null ? [] : hunksOf(text, ours, theirs),
        };
      });
    },

    async specialChanges(repository, from, to) {
      checkObjectIds(from, to);
      const { stdout } = await onObjects(repository, {
        args: [
          "diff-tree",
          "-r",
          "-z",
          "--raw",
          "--no-renames",
          "--no-abbrev",
          "--ignore-submodules=none",
          from,
          to,
        ],
      });
      const submodules: string[] = [];
      const files: { path: string; oid: string }[] = [];
      const fields = nulFields(stdout);
      for (let at = 0; at + 1 < fields.length; at += 2) {
        const [before = "", after = "", , oid = ""] = (fields[at] ?? "").slice(1).split(" ");
        const path = fields[at + 1] ?? "";
        if (before === "160000" || after === "160000") submodules.push(path);
        else if (after.startsWith("100")) files.push({ path, oid });
      }
      const lfs: string[] = [];
      const candidates = files.slice(0, 2000);
      const { stdout: sizes } =
        candidates.length === 0
          ? { stdout: Buffer.alloc(0) }
          : await onObjects(repository, {
              args: ["cat-file", "--batch-check"],
              input: candidates.map(({ oid }) => `${oid}\n`).join(""),
            });
      const small = sizes
        .toString("utf8")
        .split("\n")
        .flatMap((line, index) =>
          Number(line.split(" ")[2] ?? NaN) < 1024 ? (candidates[index] ?? []) : [],
        );
      const texts = await blobs(
        repository,
        small.map(({ oid }) => oid),
      );
      for (const [index, { path }] of small.entries()) {
        if (texts[index]?.toString("latin1").startsWith(lfsPointer)) lfs.push(path);
      }
      return { submodules, lfs };
    },
  };
}

/** How each file begins that Git LFS keeps elsewhere. */
const lfsPointer = "version https://git-lfs.github.com/spec/v1\n";

/** `<number of paths> <path>… <kind> <message>`, over and over; the first conflict that names a path counts. */
function kindsOf(fields: readonly string[]): Map<string, string> {
  const kinds = new Map<string, string>();
  for (let at = 0; at < fields.length;) {
    const count = Number(fields[at]);
    if (!Number.isInteger(count) || count < 0) break;
    const paths = fields.slice(at + 1, at + 1 + count);
    const kind = /^CONFLICT \((.*)\)$/.exec(fields[at + 1 + count] ?? "")?.[1];
    if (kind !== undefined) for (const path of paths) if (!kinds.has(path)) kinds.set(path, kind);
    at += count + 3;
  }
  return kinds;
}

/** The stretches between markers that carry exactly our two object ids; what a file says by itself is no marker. */
function hunksOf(content: Buffer, ours: ObjectId, theirs: ObjectId): Conflict["hunks"] {
  if (content.includes(0)) return [];
  const hunks: Conflict["hunks"][number][] = [];
  let open: { from: number; ours: string[]; theirs: string[]; side: "ours" | "theirs" } | null = null;
  for (const [index, line] of content.toString("utf8").split("\n").entries()) {
    if (line.startsWith(`<<<<<<< ${ours}`)) open = { from: index + 1, ours: [], theirs: [], side: "ours" };
    else if (open === null) continue;
    else if (line.startsWith(`>>>>>>> ${theirs}`)) {
      hunks.push({
        from: open.from,
        to: index + 1,
        ours: open.ours.slice(0, mostLines).join("\n"),
        theirs: open.theirs.slice(0, mostLines).join("\n"),
      });
      if (hunks.length === mostHunks) return hunks;
      open = null;
    } else if (line === "=======" && open.side === "ours") open.side = "theirs";
    else open[open.side].push(line);
  }
  return hunks;
}
