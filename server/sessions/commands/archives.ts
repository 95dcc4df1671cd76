import type { ArchiveView } from "#lib/contract/wire.ts";
import { MalformedIdError } from "#lib/domain/ids.ts";
import { ProblemError } from "../../application.ts";
import { GitError } from "../../ports.ts";
import { type Archives, isOnlyCopy, restoredPrefix } from "../archives.ts";
import type { Handler } from "../command.ts";
import { findRepository } from "../find-session.ts";
import type { NewFact, RepositoryRow } from "../ports.ts";
import type { Room } from "../room.ts";

type Name = "archive:restore" | "archive:remove";

/** Brings archived work back as a branch, or lets it go for good. */
export function createArchiveCommands(room: Room & { readonly archives: Archives }): {
  readonly [Each in Name]: Handler<Each>;
} {
  const { store, git, archives } = room;
  const fact = (
    row: RepositoryRow,
    archive: ArchiveView,
    name: NewFact["name"],
    actor: string,
    text: string,
  ) => ({
    facts: [{ name, repository: row.id, session: archive.session, actor, text, changes: {} }],
    audit: [{ actor, action: name, target: archive.ref, outcome: "done", detail: text }],
  });

  return {
    "archive:restore": async ({ repository: wanted, archive: ref, branch }, { actor, settle }) => {
      const row = await findRepository(store, wanted);
      const archive = await archives.find(row, ref);
      const name = branch ?? restoredName(archive);
      // A session's own branch is made by its runner alone; one that is there already would stand in its way.
      if (name.startsWith("amplify/")) {
        throw new ProblemError("invalid", `${name} is kept for sessions.`, "Give another name.");
      }
      const made = await makeBranch(row, name, archive);
      return settle(() =>
        Promise.resolve({
          change: fact(
            row,
            archive,
            "archive:restored",
            actor.name,
            `${actor.name} restored work of ${archive.session} to ${name}.`,
          ),
          answer: { branch: name, commit: archive.commit, made },
        }),
      );
    },

    "archive:remove": async ({ repository: wanted, archive: ref, force }, { actor, settle }) => {
      const row = await findRepository(store, wanted);
      const archive = await archives.find(row, ref);
      if (isOnlyCopy(archive) && !force) {
        throw new ProblemError(
          "conflict",
          `${archive.commit.slice(0, 12)} of ${archive.session} is in no branch: it would be lost.`,
          "Restore it first, or say that it may go: --force.",
        );
      }
      await git.moveRef(row.root, archive.ref, null, archive.commit, "removed by a person");
      return settle(() =>
        Promise.resolve({
          change: fact(
            row,
            archive,
            "archive:removed",
            actor.name,
            `${actor.name} removed ${archive.commit.slice(0, 12)}, kept of ${archive.session}.`,
          ),
          answer: { archive },
        }),
      );
    },
  };

  /** False where the branch is there at this very commit. */
  async function makeBranch({ root }: RepositoryRow, name: string, { commit, session }: ArchiveView) {
    try {
      const ref = `refs/heads/${name}`;
      if (await git.moveRef(root, ref, commit, null, `restored from ${session}`)) return true;
      const there = await git.resolve(root, ref);
      if (there === commit) return false;
      throw new ProblemError(
        "conflict",
        `There is a branch ${name} already, at ${there?.slice(0, 12) ?? "another commit"}; it was left alone.`,
        "Give another name: --branch <name>.",
      );
    } catch (error) {
      if (error instanceof MalformedIdError) {
        throw new ProblemError(
          "invalid",
          `${JSON.stringify(name)} cannot name a branch.`,
          "Give another name.",
        );
      }
      if (error instanceof GitError) {
        throw new ProblemError(
          "conflict",
          `The branch ${name} could not be made: ${error.output.trim() || error.message}`,
          "Give another name: --branch <name>.",
        );
      }
      throw error;
    }
  }
}

function restoredName({ item, session, commit }: ArchiveView): string {
  return `${restoredPrefix}${item?.id ?? session}-${commit.slice(0, 8)}`;
}
