import type { ArchiveView, RepositoryView, StorageView } from "#lib/contract/wire.ts";
import { parseItemId, parseObjectId, parseSessionId } from "#lib/domain/ids.ts";
import { sessionOf } from "./sessions.ts";

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const commit = (digit: string) => parseObjectId(digit.repeat(40));

/** What a few weeks of work leave behind. */
export function archivesOf({ id: repository }: RepositoryView): ArchiveView[] {
  const one = (item: string, title: string, digit: string, more: Partial<ArchiveView>): ArchiveView => {
    const session = parseSessionId(`session-${item.replaceAll(".", "-")}-x7k2pq`);
    return {
      ref: `refs/amplify/archive/${session}/${commit(digit)}`,
      repository,
      session,
      item: { id: parseItemId(item), title },
      commit: commit(digit),
      subject: title,
      keptAt: ago(3),
      why: "given up",
      committedAt: ago(4),
      merged: false,
      changes: { files: 4, added: 128, removed: 17 },
      branches: [],
      ...more,
    };
  };
  return [
    one("bd-auth.7", "Let people sign in with a passkey", "3", {}),
    one(
      "bd-shop.2",
      "Show the delivery time in the basket, also where several parcels come on several days",
      "a",
      {
        keptAt: ago(51),
        why: "dispatched again",
        branches: ["restored/bd-shop.2-aaaaaaaa"],
      },
    ),
    one("bd-ui.3", "Draw the sidebar with the keyboard in mind", "5", {
      session: sessionOf("bd-ui.3").id,
      why: "stopped",
      changes: { files: 2, added: 41, removed: 6 },
    }),
    one("bd-auth.1", "Hash passwords with bcrypt", "7", { merged: true, changes: null, why: "landed" }),
  ];
}

export function storageOf(repositories: readonly RepositoryView[]): StorageView {
  return {
    measuredAt: ago(0),
    freeBytes: 48_000_000_000,
    databaseBytes: 3_400_000,
    backups: [],
    repositories: repositories.map(({ id, name }) => ({
      repository: id,
      name,
      sessions: { count: 31, bytes: 84_000_000 },
      worktrees: { count: 4, bytes: 1_900_000_000 },
      archives: { count: 3, bytes: 96_000, onlyCopies: 2 },
    })),
  };
}
