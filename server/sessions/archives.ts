import type { ArchiveView, ReadOutput } from "#lib/contract/wire.ts";
import type { ObjectId, SessionId } from "#lib/domain/ids.ts";
import { ProblemError } from "../application.ts";
import type { ArchiveFacts, Git } from "../ports.ts";
import type { RepositoryRow } from "./ports.ts";
import type { Room } from "./room.ts";

type ArchiveRoom = Pick<Room, "git" | "store">;

/** Where restored work goes unless a person names a branch. */
export const restoredPrefix = "restored/";

const mostArchives = 500;
const shortestPrefix = 4;
/** What a commit changes against where it left the base never changes; kept for so many of them. */
const mostChanges = 2000;

/** An archive, and the branches at its very commit. */
type Kept = ArchiveFacts & { readonly branches: readonly string[] };

export async function archivesOf(git: Git, row: RepositoryRow): Promise<Kept[]> {
  const base = await git.resolve(row.root, `refs/heads/${row.base}`);
  const heads = await git.refs(row.root, "refs/heads");
  return (await git.archives(row.root, base)).map((each) => ({
    ...each,
    branches: heads
      .filter(({ target }) => target === each.commit)
      .map(({ name }) => name.slice("refs/heads/".length)),
  }));
}

/** The work is lost with its archive: nothing else holds it. */
export function isOnlyCopy({ merged, branches }: Pick<Kept, "merged" | "branches">): boolean {
  return !merged && branches.length === 0;
}

/** The archives of a repository as clients see them, newest first. */
export function createArchives({ git, store }: ArchiveRoom) {
  const changesOf = new Map<ObjectId, ArchiveView["changes"]>();

  async function changes(row: RepositoryRow, base: ObjectId | null, { commit, merged }: ArchiveFacts) {
    if (merged || base === null) return null;
    const known = changesOf.get(commit);
    if (known !== undefined) return known;
    const from = await git.mergeBase(row.root, base, commit);
    if (from === null) return null;
    const files = await git.changes(row.root, from, commit);
    const sum = (pick: (file: (typeof files)[number]) => number | null) =>
      files.reduce((total, file) => total + (pick(file) ?? 0), 0);
    const found = {
      files: files.length,
      added: sum((file) => file.added),
      removed: sum((file) => file.removed),
    };
    if (changesOf.size >= mostChanges) changesOf.clear();
    changesOf.set(commit, found);
    return found;
  }

  async function facts(row: RepositoryRow): Promise<Kept[]> {
    const all = await archivesOf(git, row);
    return all.sort((a, b) => ageOf(b).localeCompare(ageOf(a)) || a.ref.localeCompare(b.ref));
  }

  async function views(row: RepositoryRow, chosen: readonly Kept[]): Promise<ArchiveView[]> {
    const base = await git.resolve(row.root, `refs/heads/${row.base}`);
    const result: ArchiveView[] = [];
    for (const each of chosen) {
      const session = await store.session(each.session);
      result.push({
        ...each,
        repository: row.id,
        item: session && { id: session.item, title: session.view.item.title },
        branches: [...each.branches],
        changes: await changes(row, base, each).catch(() => null),
      });
    }
    return result;
  }

  return {
    facts,
    views,

    /** All of a repository, or those of one session. */
    async list(row: RepositoryRow, session: SessionId | null = null): Promise<ArchiveView[]> {
      const chosen = (await facts(row)).filter((each) => session === null || each.session === session);
      return views(row, chosen.slice(0, mostArchives));
    },

    /** The one that is meant; throws not-found or ambiguous. */
    async find(row: RepositoryRow, wanted: string): Promise<ArchiveView> {
      const all = await facts(row);
      const isCommit = /^[0-9a-f]+$/.test(wanted) && wanted.length >= shortestPrefix;
      const fitting = all.filter(
        ({ ref, session, commit }) =>
          ref === wanted || session === wanted || (isCommit && commit.startsWith(wanted)),
      );
      const [first] = fitting;
      const see = "`amplify archive list` lists what is kept.";
      if (!first)
        throw new ProblemError("not-found", `Nothing is archived as ${JSON.stringify(wanted)}.`, see);
      const commits = new Set(fitting.map(({ commit }) => commit));
      if (commits.size > 1) {
        const names = [...commits].slice(0, 5).map((commit) => commit.slice(0, 12));
        throw new ProblemError("ambiguous", `Several archives fit: ${names.join(", ")}.`, see);
      }
      const [view] = await views(row, [first]);
      if (!view) throw new ProblemError("not-found", `Nothing is archived as ${wanted}.`, see);
      return view;
    },
  };
}

export type Archives = ReturnType<typeof createArchives>;

const diffLimitBytes = 1_000_000;

/** One archive with what it changes against where it left the base. */
export async function readArchive(
  { git, archives }: ArchiveRoom & { readonly archives: Archives },
  row: RepositoryRow,
  wanted: string,
): Promise<ReadOutput<"archive">> {
  const archive = await archives.find(row, wanted);
  const base = await git.resolve(row.root, `refs/heads/${row.base}`);
  const from = base && !archive.merged ? await git.mergeBase(row.root, base, archive.commit) : null;
  if (from === null) return { archive, files: [], text: "", truncated: false };
  const files = await git.changes(row.root, from, archive.commit);
  const { text, truncated } = await git.diff(row.root, from, archive.commit, { limitBytes: diffLimitBytes });
  return { archive, files: files.map(({ path, kind }) => ({ path, kind })), text, truncated };
}

function ageOf({ keptAt, committedAt }: ArchiveFacts): string {
  return keptAt ?? committedAt;
}
