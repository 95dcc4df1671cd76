import { randomUUID } from "node:crypto";
import type { LandingView } from "#lib/contract/wire.ts";
import { ProblemError } from "../../application.ts";
import type { Handler } from "../command.ts";
import { findRepository, findSession } from "../find-session.ts";
import { landingOrder } from "../landing-order.ts";
import type { LandingOrder } from "../../merging/ports.ts";
import type { SessionRow } from "../ports.ts";
import type { Room } from "../room.ts";

/** Orders the landing of one session, or of every approved one in the order in which they were approved. */
export function createStartMerge(room: Room): Handler<"merge:start"> {
  const { store, merging } = room;

  return async ({ repository: wanted, session }, { actor, settle }) => {
    const rows = session ? [await findSession(store, session)] : await approvedOf();
    const orders: LandingOrder[] = [];
    for (const row of rows) {
      if (row.state.status !== "approved") throw notApproved(row);
      const repository = await room.repository(row.repository);
      const order = await landingOrder({ row, repository, by: actor.name, deps: room });
      if (order) orders.push({ ...order, id: randomUUID() });
    }
    const answer = await settle((at) =>
      Promise.resolve({
        change: {
          audit: orders.map((order) => ({
            actor: actor.name,
            action: "merge:start",
            target: order.session,
            outcome: "decided",
            detail: order.approval.head,
          })),
        },
        answer: { landings: orders.map((order) => ordered(order, at)) },
      }),
    );
    for (const order of orders) {
      merging
        .land(order)
        .catch((error: unknown) => console.error(`The landing ${order.id} broke off:`, error));
    }
    return answer;

    async function approvedOf() {
      const { id } = await findRepository(store, wanted);
      const open = await store.open(id);
      const approved = open.filter(({ state }) => state.status === "approved");
      return approved.sort((a, b) => a.view.since.localeCompare(b.view.since));
    }
  };
}

function notApproved(row: SessionRow): ProblemError {
  return new ProblemError(
    "conflict",
    `${row.id} is ${row.state.status}; only approved work lands.`,
    `amplify session status ${row.id}`,
  );
}

/** The landing as it stands the moment it is ordered; its own facts follow. */
function ordered(order: LandingOrder, at: string): LandingView {
  return {
    id: order.id,
    session: order.session,
    repository: order.repository.id,
    item: order.item.id,
    status: "running",
    step: null,
    message: "Waiting for its turn.",
    conflicts: [],
    commit: null,
    by: order.by,
    startedAt: at,
    endedAt: null,
  };
}
