import type { ReadOutput } from "#lib/contract/wire.ts";
import type { ObjectId } from "#lib/domain/ids.ts";
import type { SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";

const limitBytes = 2_000_000;

/** What a session has changed so far: committed work as a diff, the rest by name. */
export async function readDiff(
  room: Pick<Room, "git" | "repository">,
  row: SessionRow,
): Promise<ReadOutput<"diff">> {
  const { git } = room;
  const { root } = await room.repository(row.repository);
  const from = row.view.base ?? row.spec?.base.oid ?? null;
  const nothing = { base: from, head: null, files: [], text: "", truncated: false, uncommitted: [] };
  if (!from) return nothing;
  const live = await git.workState(row.view.worktree, from).catch(() => null);
  const tip = await git.resolve(root, `refs/heads/${row.view.branch}`);
  // What has landed or was archived is shown as it was, whatever has the branch's name by now.
  const head: ObjectId | null = row.open ? (live?.head ?? tip ?? row.view.head) : row.view.head;
  if (!head) return nothing;
  const files = await git.changes(root, from, head);
  const { text, truncated } = await git.diff(root, from, head, { limitBytes });
  const uncommitted = row.open && live ? [...live.uncommitted] : [];
  return { base: from, head, files: files.map((file) => ({ ...file })), text, truncated, uncommitted };
}
