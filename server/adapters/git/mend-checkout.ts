import { lstat, open, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectId } from "#lib/domain/ids.ts";
import { CheckoutBusyError, type LandingGit } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { withoutDrivers } from "./drivers.ts";
import { checkObjectIds, checkRef, nulFields } from "./names.ts";
import { gitDirOf, isOn } from "./operation-in-progress.ts";
import { removeStaleLock } from "./stale-lock.ts";

/** A file in the index or in a commit; null where there is none. */
type Entry = { readonly mode: string; readonly oid: string } | null;

interface Difference {
  readonly path: string;
  readonly from: Entry;
  readonly to: Entry;
}

/** Where a file of the checkout stands; `torn` is one that a dead git was just writing. */
type Standing = "settled" | "from" | "to" | "torn" | "edited";

/**
 * Git takes a fast-forward's files first, then the index, then the ref. So what was cut off is put
 * together again in this order: the index learns which files are on which side, and git's own two-way
 * merge brings the rest. It refuses to write over anything that the index does not know.
 */
export function mendOperations({ run, onObjects }: GitContext): Pick<LandingGit, "mendCheckout" | "freeRef"> {
  async function differences(checkout: string, from: ObjectId, to: ObjectId): Promise<Difference[]> {
    const { stdout } = await onObjects(checkout, {
      args: ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to],
    });
    const fields = nulFields(stdout);
    const found: Difference[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [before = "", after = "", oldId = "", newId = ""] = (fields[at] ?? "").slice(1).split(" ");
      found.push({ path: fields[at + 1] ?? "", from: entryOf(before, oldId), to: entryOf(after, newId) });
    }
    return found;
  }

  async function indexOf(checkout: string): Promise<Map<string, Entry>> {
    const { stdout } = await run({ folder: checkout, args: ["ls-files", "--stage", "-z"] });
    const entries = new Map<string, Entry>();
    for (const line of nulFields(stdout)) {
      const tab = line.indexOf("\t");
      const [mode = "", oid = ""] = line.slice(0, tab).split(" ");
      entries.set(line.slice(tab + 1), { mode, oid });
    }
    return entries;
  }

  /** What the file in the folder would be as an object, in the form in which git stores it. */
  async function hash(checkout: string, path: string): Promise<Entry> {
    const file = join(checkout, path);
    const facts = await lstat(file).catch(() => null);
    if (facts === null) return null;
    if (facts.isSymbolicLink()) {
      const input = await readlink(file);
      const { stdout } = await run({ folder: checkout, args: ["hash-object", "--stdin"], input });
      return { mode: "120000", oid: stdout.toString("utf8").trim() };
    }
    if (!facts.isFile()) return { mode: "040000", oid: "" };
    const { stdout } = await run({
      folder: checkout,
      args: ["hash-object", "--", path],
      settings: await withoutDrivers(run, checkout),
    });
    return { mode: (facts.mode & 0o100) === 0 ? "100644" : "100755", oid: stdout.toString("utf8").trim() };
  }

  async function isTorn(
    checkout: string,
    path: string,
    now: Entry,
    sides: readonly Entry[],
  ): Promise<boolean> {
    if (now === null) return true;
    if (!now.mode.startsWith("100")) return false;
    const file = await open(join(checkout, path), "r");
    const written = await file.readFile().finally(() => file.close());
    for (const side of sides) {
      if (side === null) continue;
      const { stdout } = await onObjects(checkout, { args: ["cat-file", "blob", side.oid] });
      if (written.length < stdout.length && stdout.subarray(0, written.length).equals(written)) return true;
    }
    return false;
  }

  async function standingOf(
    checkout: string,
    { path, from, to }: Difference,
    indexed: Entry,
    wasCutOff: boolean,
  ): Promise<Standing> {
    if (!wasCutOff && isSame(indexed, to)) return "settled";
    const now = await hash(checkout, path);
    if (isSame(now, to)) return "to";
    if (isSame(now, from)) return "from";
    return wasCutOff && (await isTorn(checkout, path, now, [from, to])) ? "torn" : "edited";
  }

  return {
    async mendCheckout(checkout, branch, from, to) {
      checkRef(`refs/heads/${branch}`);
      checkObjectIds(from, to);
      const gitDir = await gitDirOf(checkout);
      const locks = await Promise.all(
        ["index.lock", "HEAD.lock"].map((name) => removeStaleLock(join(gitDir, name), checkout)),
      );
      if (locks.includes("held")) throw new CheckoutBusyError(checkout);
      if (!(await isOn(run, checkout, branch))) return null;

      const index = await indexOf(checkout);
      const standings: (Difference & { readonly standing: Standing })[] = [];
      for (const each of await differences(checkout, from, to)) {
        const standing = await standingOf(
          checkout,
          each,
          index.get(each.path) ?? null,
          locks[0] === "removed",
        );
        standings.push({ ...each, standing });
      }
      if (standings.every(({ standing }) => standing === "settled")) return [];

      const settings = await withoutDrivers(run, checkout);
      const lines = standings.map((each) => indexLine(each.path, sideOf(each), from));
      await run({
        folder: checkout,
        args: ["update-index", "-z", "--index-info"],
        input: lines.join(""),
        settings,
      });
      const torn = standings.filter(({ standing }) => standing === "torn").map(({ path }) => `${path}\0`);
      if (torn.length > 0) {
        const args = ["checkout-index", "--force", "-z", "--stdin"];
        await run({ folder: checkout, args, input: torn.join(""), settings });
      }
      await run({ folder: checkout, args: ["update-index", "-q", "--refresh"], settings, answers: [1] });
      await run({ folder: checkout, args: ["read-tree", "-m", "-u", from, to], settings });
      return standings.filter(({ standing }) => standing === "edited").map(({ path }) => path);
    },

    async freeRef(repository, ref) {
      checkRef(ref);
      const { stdout } = await run({
        folder: repository,
        args: ["rev-parse", "--path-format=absolute", "--git-path", `${ref}.lock`],
      });
      await removeStaleLock(stdout.toString("utf8").replace(/\n$/, ""));
    },
  };
}

/** Which of the two the index gets, so that the two-way merge does the rest. */
function sideOf({ standing, from, to }: Difference & { readonly standing: Standing }): Entry {
  if (standing === "from") return from;
  return standing === "torn" ? (to ?? from) : to;
}

function indexLine(path: string, entry: Entry, from: ObjectId): string {
  return `${entry?.mode ?? "0"} ${entry?.oid ?? "0".repeat(from.length)}\t${path}\0`;
}

function entryOf(mode: string, oid: string): Entry {
  return mode === "000000" ? null : { mode, oid };
}

function isSame(a: Entry, b: Entry): boolean {
  return a === null || b === null ? a === b : a.mode === b.mode && a.oid === b.oid;
}
