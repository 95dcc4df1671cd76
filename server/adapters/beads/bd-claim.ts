import type { ItemId } from "#lib/domain/ids.ts";
import { WorkSourceError, type ClaimOutcome, type Clock } from "#server/ports.ts";
import type { Item } from "#lib/domain/item.ts";
import type { Bd } from "./bd.ts";
import { claimsAtomically } from "./bd-health.ts";

/** Longer than a competing claim can be between its look and its write. */
const settleMs = 500;

/**
 * Takes the item for `actor`. What Beads says about its own success differs from version to version, so
 * the item itself is asked before and after; where a claim is not atomic, once the dust has settled.
 */
export async function claim(order: {
  id: ItemId;
  actor: string;
  bd: Bd;
  show: (id: ItemId) => Promise<Item | null>;
  version: () => Promise<string | null>;
  clock: Clock;
}): Promise<ClaimOutcome> {
  const { id, actor, bd, show } = order;
  const before = judge(await show(id), actor);
  if (before !== "free" && before !== "mine-but-open") return before;

  const change = before === "free" ? ["--claim"] : ["--status=in_progress"];
  let refusal = "";
  try {
    await bd.write(["update", id, ...change], { actor, repeatable: true });
  } catch (error) {
    if (!(error instanceof WorkSourceError) || !["already-claimed", "invalid"].includes(error.kind))
      throw error;
    refusal = error.message;
  }
  if (!claimsAtomically(await order.version())) {
    await new Promise<void>((resolve) => void order.clock.after(settleMs, resolve));
  }
  const after = judge(await show(id), actor);
  if (typeof after === "object") return after;
  return { claimed: false, why: "refused", detail: refusal || `${id} is still open after the claim.` };
}

function judge(item: Item | null, actor: string): ClaimOutcome | "free" | "mine-but-open" {
  if (!item) return { claimed: false, why: "missing", detail: "There is no such item." };
  if (item.status === "closed") {
    return { claimed: false, why: "closed", detail: item.closeReason ?? "It is closed." };
  }
  if (item.assignee !== null && item.assignee !== actor) {
    return { claimed: false, why: "taken", detail: `It is ${item.assignee}'s.` };
  }
  if (item.assignee === actor && item.status === "in_progress") return { claimed: true };
  if (item.status === "open") return item.assignee === actor ? "mine-but-open" : "free";
  return { claimed: false, why: "refused", detail: `Its status is ${item.status}.` };
}
