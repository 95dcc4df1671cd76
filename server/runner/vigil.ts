import type { AgentActivity } from "#lib/domain/agent-activity.ts";

/** After its last `result` an agent may tidy up this long. */
const lingerMs = 10_000;
/** More than this between two looks is time in which the machine slept. */
const longestLookMs = 10_000;

interface Look {
  readonly now: Date;
  /** All that the step has printed by now. */
  readonly bytes: number;
  /** A person is asked and the agent stands by for the answer, or it is held. */
  readonly isWaiting: boolean;
  readonly activity: AgentActivity;
}

/**
 * Tells an agent that hangs from one that works, look by look. Silence counts only while somebody looks: a machine
 * that slept proves nothing. `silentMs` is how long an agent may print nothing; null is for ever.
 */
export function createVigil(silentMs: number | null, begun: Date) {
  let bytes = -1;
  let quietMs = 0;
  let doneMs = 0;
  let lookedAt = begun.getTime();
  return (look: Look): "silent" | "lingering" | null => {
    const now = look.now.getTime();
    const passedMs = Math.min(Math.max(0, now - lookedAt), longestLookMs);
    lookedAt = now;
    const isNew = look.bytes !== bytes;
    bytes = look.bytes;
    const { ended, background } = look.activity;
    quietMs = isNew || look.isWaiting ? 0 : quietMs + passedMs;
    doneMs = isNew || !ended || background.length > 0 ? 0 : doneMs + passedMs;
    if (doneMs >= lingerMs) return "lingering";
    return silentMs !== null && quietMs >= silentMs ? "silent" : null;
  };
}
