import { isObjectId, isSessionId, parseObjectId } from "#lib/domain/ids.ts";
import { type ArchiveFacts, type Git, GitError } from "#server/ports.ts";
import type { GitContext } from "./context.ts";
import { checkObjectIds } from "./names.ts";

const folder = "refs/amplify/archive";
/** Separates fields; no ref name, date or subject line holds one. */
const unit = "\u001f";
const format = ["%(objectname)", "%(refname)", "%(committerdate:unix)", "%(contents:subject)"].join("%1f");

/** What is kept under archive refs, and how it stands to the base. */
export function archiveOperations({ run, onObjects }: GitContext): Pick<Git, "archives" | "archiveBytes"> {
  /** When and why each was kept: the only entry of the ref's own log, which git may have let expire. */
  async function reasons(repository: string): Promise<Map<string, { at: string; why: string }>> {
    const { exitCode, stdout } = await run({
      folder: repository,
      args: ["log", "--walk-reflogs", `--glob=${folder}/*`, "--date=unix", `--format=%gD${unit}%gs`],
      answers: [128],
    });
    const found = new Map<string, { at: string; why: string }>();
    if (exitCode !== 0) return found;
    for (const line of linesOf(stdout)) {
      const [selector = "", why = ""] = line.split(unit);
      const [, ref, seconds] = /^(.*)@\{(\d+)\}$/.exec(selector) ?? [];
      if (ref && seconds) found.set(ref, { at: instantOf(seconds), why: why.replace(/^amplify: /, "") });
    }
    return found;
  }

  return {
    async archives(repository, base) {
      checkObjectIds(...(base === null ? [] : [base]));
      const list = await run({ folder: repository, args: ["for-each-ref", `--format=${format}`, folder] });
      const lines = linesOf(list.stdout);
      if (lines.length === 0) return [];
      const merged = new Set(
        base === null
          ? []
          : linesOf(
              (
                await run({
                  folder: repository,
                  args: ["for-each-ref", "--format=%(refname)", `--merged=${base}`, folder],
                })
              ).stdout,
            ),
      );
      const why = await reasons(repository);
      return lines.flatMap((line): ArchiveFacts[] => {
        const [commit = "", ref = "", seconds = "", subject = ""] = line.split(unit);
        const session = ref.slice(folder.length + 1).split("/")[0] ?? "";
        // Somebody else may have put anything there; what is not ours is left alone.
        if (!isObjectId(commit) || !isSessionId(session)) return [];
        const kept = why.get(ref);
        return [
          {
            ref,
            session,
            commit: parseObjectId(commit),
            subject,
            committedAt: instantOf(seconds),
            keptAt: kept?.at ?? null,
            why: kept?.why ?? null,
            merged: merged.has(ref),
          },
        ];
      });
    },

    async archiveBytes(repository) {
      const refs = await run({
        folder: repository,
        args: ["for-each-ref", "--format=%(objectname)", folder],
      });
      const others = await run({
        folder: repository,
        args: ["for-each-ref", "--format=%(objectname) %(refname)"],
      });
      const kept = linesOf(refs.stdout);
      if (kept.length === 0) return 0;
      const rest = linesOf(others.stdout)
        .filter((line) => !line.includes(` ${folder}/`))
        .map((line) => `^${line.split(" ")[0] ?? ""}`);
      const { exitCode, stdout } = await onObjects(repository, {
        args: ["rev-list", "--disk-usage", "--objects", "--stdin"],
        input: `${[...kept, ...rest].join("\n")}\n`,
        answers: [128, 129],
      });
      const bytes = Number(stdout.toString("utf8").trim());
      if (exitCode !== 0 || !Number.isSafeInteger(bytes)) {
        throw new GitError("The size of the archives cannot be told", {
          command: "git rev-list --disk-usage",
          exitCode,
          output: "",
        });
      }
      return bytes;
    },
  };
}

function linesOf(output: Buffer): string[] {
  return output
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function instantOf(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
