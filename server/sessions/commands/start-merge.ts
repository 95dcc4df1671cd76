import { randomUUID } from "node:crypto";
import { ProblemError } from "../../application.ts";
import { landingView, newLanding } from "../../merging/landing.ts";
import type { Landing, LandingOrder } from "../../merging/ports.ts";
import { checkRecord } from "../check-record.ts";
import type { Handler } from "../command.ts";
import { requireLanding } from "../commander.ts";
import { findRepository, findSession } from "../find-session.ts";
import { landingAsks } from "../landing-asks.ts";
import { approvalOf, landingOrder } from "../landing-order.ts";
import { inPlannedOrder } from "../plan-landings.ts";
import type { NewFact, SessionRow } from "../ports.ts";
import { requireSettings } from "../require-settings.ts";
import type { Room } from "../room.ts";
import { moved } from "../session-row.ts";

/**
 * Orders the landing of one session, or of every approved one in the order that lands most. Decision,
 * landing and session are written at once; a server that dies right then lands them when it is back. A
 * policy lands nothing that the configuration keeps for a person.
 */
export function createStartMerge(room: Room): Handler<"merge:start"> {
  const { store, merging } = room;

  return async ({ repository: wanted, session }, { actor, settle }) => {
    const rows = session ? [await findSession(store, session)] : await approvedOf();
    const train = rows.length > 1 ? randomUUID() : null;
    const orders: LandingOrder[] = [];
    for (const row of rows) {
      if (row.state.status !== "approved") throw notApproved(row);
      requireLanding(actor, row.repository);
      if (actor.via.kind === "loop") {
        const asks = await landingAsks(room, row);
        if (asks.length > 0 && session) throw keptForPerson(row, asks);
        if (asks.length > 0) continue;
      }
      if (!(await hasItsRecord(row))) continue;
      const repository = await room.repository(row.repository);
      requireSettings(repository, await room.readSettings(repository.root));
      const order = await landingOrder({ row, repository, by: actor.name, train, deps: room });
      if (order) orders.push({ ...order, id: randomUUID() });
    }
    const begun: Landing[] = [];
    const answer = await settle(async (at) => {
      const sessions: SessionRow[] = [];
      const facts: NewFact[] = [];
      for (const order of orders) {
        const current = await store.session(order.session);
        const isSame = current && approvalOf(current)?.head === order.approval.head;
        const next = isSame ? moved(current, { kind: "merge-started" }, at) : null;
        if (!next) {
          // With many, one that has moved on meanwhile is left out; asked for by itself, it is refused.
          if (session && current) throw notApproved(current);
          continue;
        }
        // One millisecond each, so that the order outlives a restart.
        const landing = newLanding(order, new Date(Date.parse(at) + begun.length));
        begun.push(landing);
        sessions.push(next);
        facts.push({
          name: "merge:started",
          repository: next.repository,
          session: next.id,
          actor: actor.name,
          text: `${actor.name} lands ${next.item}.`,
          changes: { sessions: [next.view], landings: [landingView(landing)] },
        });
      }
      const audit = sessions.map((row) => ({
        actor: actor.name,
        action: "merge:start",
        target: row.id,
        outcome: "decided",
        detail: approvalOf(row)?.head ?? "",
      }));
      return {
        change: { sessions, landings: begun, facts, audit },
        answer: { landings: begun.map(landingView) },
      };
    });
    for (const { journal } of begun) {
      merging.land(journal.order).catch((error: unknown) => {
        console.error(`The landing ${journal.order.id} broke off:`, error);
      });
    }
    return answer;

    /** One forged record keeps its own work back, and not the rest of the queue. */
    async function hasItsRecord(row: SessionRow) {
      try {
        await checkRecord(room, row, actor.name);
        return true;
      } catch (error) {
        if (session || !(error instanceof ProblemError)) throw error;
        return false;
      }
    }

    async function approvedOf() {
      const repository = await findRepository(store, wanted);
      requireLanding(actor, repository.id);
      const open = await store.open(repository.id);
      const approved = open.filter(({ state }) => state.status === "approved");
      return inPlannedOrder(room, repository, approved);
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

function keptForPerson(row: SessionRow, asks: readonly string[]): ProblemError {
  return new ProblemError(
    "conflict",
    `${row.id} is for a person to land. ${asks.join(" ")}`,
    `amplify session merge ${row.id}`,
  );
}
