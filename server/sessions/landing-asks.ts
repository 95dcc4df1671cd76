import { asksFor } from "#lib/domain/ask-rules.ts";
import { approvalOf } from "./landing-order.ts";
import type { SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";

/**
 * Why only a person may land this approved session. Everything is looked up outside of the agent's reach
 * but for the item, whose labels of the time of its dispatch count too.
 */
export async function landingAsks(
  room: Pick<Room, "git" | "readSettings" | "repository" | "openBacklog">,
  row: SessionRow,
): Promise<string[]> {
  const approval = approvalOf(row);
  if (!approval) return [];
  const { root } = await room.repository(row.repository);
  const { landing } = await room.readSettings(root);
  const changes = await room.git.changes(root, approval.base, approval.head);
  const now = room.openBacklog(row.repository)?.current()?.items.get(row.item)?.labels ?? [];
  return asksFor(landing.ask, {
    labels: [...row.view.item.labels, ...now],
    paths: changes.flatMap(({ path, from }) => (from === null ? [path] : [path, from])),
    lines: changes.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0),
  });
}
