import type { LandingView } from "#lib/contract/wire.ts";
import { hasLanded } from "#lib/domain/merge.ts";
import { describeLanding } from "./describe-landing.ts";
import type { Landing, LandingOrder } from "./ports.ts";

export function newLanding(order: LandingOrder, now: Date): Landing {
  return {
    id: order.id,
    status: "running",
    step: null,
    journal: {
      order,
      attempt: 0,
      base: null,
      tree: null,
      commit: null,
      gate: null,
      moving: null,
      byHand: false,
      archived: [],
      warnings: [],
      trouble: null,
      outcome: null,
    },
    startedAt: now.toISOString(),
    endedAt: null,
  };
}

/** The ref that keeps a built merge commit until the base has it. */
export function landingRef(id: string): string {
  return `refs/amplify/landing/${id}`;
}

export function landingView(landing: Landing): LandingView {
  const { order, outcome, commit } = landing.journal;
  return {
    id: landing.id,
    session: order.session,
    repository: order.repository.id,
    item: order.item.id,
    status: landing.status,
    step: landing.step,
    message: describeLanding(landing),
    conflicts: [...(outcome?.conflicts ?? [])],
    commit: hasLanded(landing.step) ? commit : null,
    by: order.by,
    startedAt: landing.startedAt,
    endedAt: landing.endedAt,
  };
}
