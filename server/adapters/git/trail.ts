import { createHash } from "node:crypto";
import { lstat, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObjectId, type ObjectId } from "#lib/domain/ids.ts";
import type { LandingGit, RefMove } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { checkRef, nulFields } from "./names.ts";
import { gitDirOf } from "./operation-in-progress.ts";

/** The end of a log that is looked at: some thousand moves. */
const lookedAtBytes = 512 * 1024;
/** A hook that is larger is told by its size. */
const hookBytes = 1024 * 1024;

/** Messages of git's commands that make a commit, in the log of the head that they make it on. */
const making =
  /^(?:commit(?: \([^)]*\))?: |cherry-pick: |revert: |am: |rebase[^:]*\((?:pick|reword|edit|squash|fixup|continue)\): |merge .*: Merge made )/;

/** Settings by which a repository starts programs, or sends what it fetches and pushes elsewhere. */
const acting =
  /^(?:alias\.|core\.(?:hookspath|fsmonitor|sshcommand|gitproxy|editor|pager|askpass|attributesfile|alternaterefscommand)$|diff\..*\.(?:command|textconv)$|diff\.external$|filter\.|merge\..*\.driver$|mergetool\.|difftool\.|credential\.|gpg\.|include\.|includeif\.|url\.|remote\..*\.(?:url|pushurl|vcs|receivepack|uploadpack)$|protocol\.|uploadpack\.|sequence\.editor$|interactive\.difffilter$|pager\.|web\.browser$|browser\.|trailer\.)/;

/** What git itself writes down about who moved what, and what of the configuration acts by itself. */
export function trailOperations({
  run,
}: GitContext): Pick<LandingGit, "movesOf" | "madeIn" | "actingSettings"> {
  const lastRead = new Map<string, { mark: string; found: Record<string, string> }>();
  return {
    async movesOf(commonDir, branch, since) {
      checkRef(`refs/heads/${branch}`);
      const entries = await readLog(join(commonDir, "logs", "refs", "heads", branch));
      if (entries === null) return null;
      const moves: RefMove[] = [];
      for (const entry of entries.reverse()) {
        if (entry.to === since) return moves.reverse();
        moves.push(entry);
      }
      return moves.reverse();
    },

    async madeIn(worktree) {
      const gitDir = await gitDirOf(worktree).catch(() => null);
      const entries = gitDir === null ? null : await readLog(join(gitDir, "logs", "HEAD"));
      return new Set(
        (entries ?? []).flatMap(({ to, message }) => (to && making.test(message ?? "") ? [to] : [])),
      );
    },

    async actingSettings(commonDir) {
      const mark = await markOf(commonDir);
      const before = lastRead.get(commonDir);
      if (before?.mark === mark) return before.found;
      const found: Record<string, string> = {};
      const { stdout } = await run({
        folder: commonDir,
        args: ["config", "--file", join(commonDir, "config"), "--no-includes", "--list", "--null"],
        answers: [1],
      });
      for (const field of nulFields(stdout)) {
        const [key = "", ...value] = field.split("\n");
        if (acting.test(key)) found[key] = digest(`${found[key] ?? ""}\n${value.join("\n")}`);
      }
      const hooks = join(commonDir, "hooks");
      for (const name of await readdir(hooks).catch(() => [])) {
        if (name.endsWith(".sample")) continue;
        const facts = await lstat(join(hooks, name)).catch(() => null);
        if (!facts) continue;
        const content =
          facts.isFile() && facts.size <= hookBytes
            ? await readFile(join(hooks, name)).catch(() => Buffer.alloc(0))
            : Buffer.from(String(facts.size));
        found[`hooks/${name}`] = digest(`${facts.mode}\n${content.toString("latin1")}`);
      }
      lastRead.set(commonDir, { mark, found });
      return found;
    },
  };
}

/** Changes with the configuration, and with each hook that comes, goes or is written. */
async function markOf(commonDir: string): Promise<string> {
  const hooks = join(commonDir, "hooks");
  const names = (await readdir(hooks).catch(() => [])).filter((name) => !name.endsWith(".sample"));
  const marks = [join(commonDir, "config"), ...names.map((name) => join(hooks, name))].map(async (file) => {
    const facts = await lstat(file, { bigint: true }).catch(() => null);
    return `${file} ${facts?.ino} ${facts?.size} ${facts?.mode} ${facts?.ctimeNs}`;
  });
  return (await Promise.all(marks)).join("\n");
}

/** Lines `<old> <new> <who> <when>\t<message>`, the oldest first; null where git keeps none. */
async function readLog(file: string): Promise<RefMove[] | null> {
  const handle = await open(file, "r").catch(() => null);
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - lookedAtBytes);
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const lines = bytes.subarray(0, bytesRead).toString("utf8").split("\n");
    return lines.slice(from > 0 ? 1 : 0).flatMap((line) => {
      const tab = line.indexOf("\t");
      const [before = "", after = ""] = line.split(" ", 2);
      if (!isObjectId(before) || !isObjectId(after)) return [];
      return [{ from: known(before), to: known(after), message: tab < 0 ? "" : line.slice(tab + 1).trim() }];
    });
  } finally {
    await handle.close();
  }
}

function known(id: ObjectId): ObjectId | null {
  return /^0+$/.test(id) ? null : id;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
