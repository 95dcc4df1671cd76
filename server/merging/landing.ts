import type { GateView, LandingView } from "#lib/contract/wire.ts";
import { hasLanded } from "#lib/domain/merge.ts";
import { describeLanding } from "./describe-landing.ts";
import type { Landing, LandingDetails, LandingOrder } from "./ports.ts";

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
      gateLog: null,
      isRedOnBase: false,
      moving: null,
      pushTries: 0,
      pushed: null,
      url: null,
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
  const { order, outcome, commit, url } = landing.journal;
  return {
    id: landing.id,
    kind: order.undo === null ? "merge" : "revert",
    train: order.train,
    session: order.session,
    repository: order.repository.id,
    item: order.item.id,
    head: order.approval.head,
    status: landing.status,
    step: landing.step,
    message: describeLanding(landing),
    conflicts: [...(outcome?.conflicts ?? [])],
    gate: gateView(landing),
    commit: hasLanded(landing.step) ? commit : null,
    url,
    by: order.by,
    startedAt: landing.startedAt,
    endedAt: landing.endedAt,
  };
}

/** What the gate came to, or that it is at work; null where it has not begun. */
export function gateView({ status, step, journal }: Landing): GateView | null {
  const { gate, gateLog: log } = journal;
  if (gate === null) {
    const isRunning = status === "running" && step === "built" && log !== null;
    return isRunning ? { status: "running", commands: [], log } : null;
  }
  if (gate.kind === "not-configured") return { status: gate.kind, commands: [], log };
  const commands = gate.commands.map(({ name, command, exit, durationMs, retried }) => {
    return { name, command, exit, durationMs, retried };
  });
  return { status: gate.kind, commands, log };
}

export function landingDetails({ journal }: Landing): LandingDetails {
  const { byHand, isRedOnBase, order } = journal;
  return { byHand, isRedOnBase, undo: order.undo, rules: order.rules };
}
