import { randomUUID } from "node:crypto";
import { ProblemError } from "../../application.ts";
import { landingView, newLanding } from "../../merging/landing.ts";
import type { Handler } from "../command.ts";
import { requireLanding } from "../commander.ts";
import { findSession } from "../find-session.ts";
import { approvalOf, landingOrder, landingRepository } from "../landing-order.ts";
import type { SessionRow } from "../ports.ts";
import { requireSettings } from "../require-settings.ts";
import type { Room } from "../room.ts";

/** Orders a revert commit for a landed session, through the same lane; its item is opened again with the reason. */
export function createRevertMerge(room: Room): Handler<"merge:revert"> {
  const { store, merging } = room;

  return async ({ session, reason }, { actor, settle }) => {
    const row = await findSession(store, session);
    requireLanding(actor, row.repository);
    const approval = approvalOf(row);
    if (row.state.status !== "merged" || !approval) {
      throw refusal(row, `is ${row.state.status}; only what has landed can be taken back`);
    }
    const repository = await room.repository(row.repository);
    requireSettings(repository, await room.readSettings(repository.root));
    const { commit, byHand } = row.state;
    const span = await merging.spanOf({
      repository: landingRepository(repository),
      approval,
      commit: byHand ? null : commit,
    });
    if (!span) throw refusal(row, `is not on ${repository.base} any more, so there is nothing to take back`);
    const undo = { ...span, reason };
    const order = await landingOrder({ row, repository, by: actor.name, undo, deps: room });
    if (!order) throw refusal(row, "has no verdict that its landing could be told by");
    const full = { ...order, id: randomUUID() };

    const answer = await settle(async (at) => {
      const current = await store.session(row.id);
      if (current?.view.reverted) {
        throw refusal(row, `was taken back by ${current.view.reverted.by} already`);
      }
      const others = await store.landings({ session: row.id, limit: 50 });
      if (others.some(({ status }) => status === "running")) {
        throw refusal(row, "is being taken back, or tidied up, right now");
      }
      const landing = newLanding(full, new Date(at));
      return {
        change: {
          landings: [landing],
          facts: [
            {
              name: "merge:started",
              repository: row.repository,
              session: row.id,
              actor: actor.name,
              text: `${actor.name} takes ${row.item} back: ${reason}`,
              changes: { landings: [landingView(landing)] },
            },
          ],
          audit: [
            { actor: actor.name, action: "merge:revert", target: row.id, outcome: "decided", detail: reason },
          ],
        },
        answer: { landing: landingView(landing) },
      };
    });
    merging.land(full).catch((error: unknown) => {
      console.error(`The landing ${full.id} broke off:`, error);
    });
    return answer;
  };
}

function refusal(row: SessionRow, why: string): ProblemError {
  return new ProblemError("conflict", `${row.id} ${why}.`, `amplify session status ${row.id}`);
}
