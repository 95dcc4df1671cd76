import type { Pulse } from "#lib/contract/wire.ts";
import type { SessionId } from "#lib/domain/ids.ts";
import { isAlive } from "#lib/domain/run-state.ts";
import type { Clock } from "../ports.ts";
import { type Evidence, noEvidence, type Witness } from "./evidence.ts";
import type { Intake } from "./intake.ts";
import { subscribe } from "./ledger.ts";
import type { SessionRow, SessionStore } from "./ports.ts";

/** Signs of life of the living sessions, looked for while somebody watches. */
export interface Pulses {
  onPulse(listener: (pulses: Pulse[]) => void): () => void;
  /** The evidence as it was last seen, looked up anew where it never was. */
  evidenceOf(row: SessionRow): Promise<Evidence>;
  /** A new view of the session was told, which holds no evidence: tell that again at the next beat. */
  renew(session: SessionId): void;
  stop(): void;
}

const everyMs = 1000;

export function createPulses(deps: {
  store: SessionStore;
  intake: Intake;
  witness: Witness;
  clock: Clock;
}): Pulses {
  const { store, intake, witness, clock } = deps;
  const listeners = new Set<(pulses: Pulse[]) => void>();
  const last = new Map<SessionId, { evidence: Evidence; text: string; at: number }>();
  let cancel: (() => void) | null = null;

  async function look(row: SessionRow): Promise<Evidence> {
    const run = await intake.runOf(row);
    const evidence = isAlive(run.state) && row.spec ? await witness.look(row, run) : noEvidence;
    last.set(row.id, { evidence, text: JSON.stringify(evidence), at: clock.now().getTime() });
    return evidence;
  }

  async function beat() {
    const rows = (await store.open(null)).filter(isLiving);
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of last.keys()) {
      if (ids.has(id)) continue;
      last.delete(id);
      witness.forget(id);
    }
    const pulses: Pulse[] = [];
    for (const row of rows) {
      const before = last.get(row.id)?.text;
      const evidence = await look(row);
      if (last.get(row.id)?.text !== before) pulses.push({ session: row.id, evidence });
    }
    if (pulses.length > 0) for (const listener of listeners) listener(pulses);
  }

  function schedule() {
    cancel = clock.after(everyMs, () => {
      void beat()
        .catch((error: unknown) => console.error("The signs of life could not be read:", error))
        .finally(() => {
          if (listeners.size > 0 && cancel) schedule();
          else cancel = null;
        });
    });
  }

  return {
    onPulse(listener) {
      const unsubscribe = subscribe(listeners, listener);
      if (!cancel) schedule();
      return unsubscribe;
    },
    async evidenceOf(row) {
      if (!isLiving(row)) return { ...noEvidence, derived: row.view.evidence.derived };
      const known = last.get(row.id);
      return known && clock.now().getTime() - known.at <= 2 * everyMs ? known.evidence : look(row);
    },
    renew: (session) => last.delete(session),
    stop() {
      cancel?.();
      cancel = null;
      listeners.clear();
    },
  };
}

function isLiving({ state: { status } }: SessionRow): boolean {
  return ["preparing", "running", "waiting", "completed", "reviewing", "rejected"].includes(status);
}
