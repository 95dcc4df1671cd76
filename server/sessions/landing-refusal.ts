import { approvalOf, landingRepository } from "./landing-order.ts";
import type { SessionRow } from "./ports.ts";
import type { Room } from "./room.ts";

/** What was in a checkout's way is looked at again this long after the landing that met it. */
const retryMs = 60_000;

/**
 * Why this approved work does not land by itself: its last landing came to something that is for a person. Null where it came to
 * nothing of the kind, or where what kept it from the base is gone.
 */
export async function landingRefusal(
  room: Pick<Room, "store" | "merging" | "clock" | "repository">,
  row: SessionRow,
): Promise<{ why: string; isFailure: boolean } | null> {
  const [landing] = await room.store.landings({ session: row.id, limit: 1 });
  const outcome = landing?.journal.outcome;
  const approval = approvalOf(row);
  if (!outcome || !approval || landing.journal.order.approval.head !== approval.head) return null;
  const refusal = { why: outcome.message, isFailure: outcome.end !== "proposed" };
  switch (outcome.end) {
    case "landed":
    // Overtaken by others it is outdated by now, or goes with the base as that has become.
    case "conflict":
    case "base-moved":
      return null;
    case "blocked": {
      const { guard } = await room.repository(row.repository);
      return guard?.alarms.some(({ blocks }) => blocks) ? refusal : null;
    }
    case "checkout-in-the-way": {
      const { endedAt } = landing;
      if (endedAt === null || room.clock.now().getTime() - Date.parse(endedAt) < retryMs) return refusal;
      const repository = landingRepository(await room.repository(row.repository));
      const preview = await room.merging.preview({ repository, session: row.id, approval });
      return preview.obstacles.length > 0 ? refusal : null;
    }
    case "proposed":
    case "gate-red":
    case "cancelled":
    case "error":
      return refusal;
  }
}
