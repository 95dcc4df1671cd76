import { hasLanded, oneLine } from "#lib/domain/merge.ts";
import type { Landing } from "./ports.ts";

/** For people: what happened, what was kept, what to do. */
export function describeLanding(landing: Landing): string {
  const { outcome, warnings } = landing.journal;
  const main = outcome?.message ?? progress(landing);
  return [main, ...warnings].join(" ");
}

function progress({ step, journal }: Landing): string {
  const { base } = journal.order.repository;
  if (journal.trouble !== null) {
    const stands = hasLanded(step) ? `The work is on ${base}.` : `${base} has not been touched.`;
    return `${stands} ${journal.trouble} It is tried again by itself.`;
  }
  switch (step) {
    case null:
      return journal.attempt === 0 ? "Waiting for its turn." : `${base} moved; merging with it as it is now.`;
    case "previewed":
      return `Merges cleanly with ${base}.`;
    case "built":
      return journal.order.gate.length === 0
        ? "The merge commit is built."
        : "The gate's commands are running.";
    case "gated":
      return journal.gate?.kind === "not-configured" ? "No gate is configured." : "The gate has passed.";
    case "moved":
    case "checked-out":
      return journal.order.undo === null
        ? `The work is on ${base}; closing ${journal.order.item.id}.`
        : `The work is taken back from ${base}; opening ${journal.order.item.id} again.`;
    case "closed":
    case "archived":
    case "cleaned":
      return journal.order.undo === null
        ? `The work is on ${base} and ${journal.order.item.id} is closed; tidying up.`
        : `The work is taken back from ${base} and ${journal.order.item.id} is open again.`;
  }
}

/** `a, b and 3 more`: enough names to act on, never a wall of them, and nothing that a terminal would obey. */
export function nameSome(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => oneLine(name, 300));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
