import { crashPoint, type CrashPoint } from "../crash-point.ts";
import type { Clock } from "../ports.ts";
import type { Ledger } from "./ledger.ts";
import type { Change, EffectRow, SessionStore } from "./ports.ts";

/** Not done yet, and no failure: try again after `ms`. */
export class LaterError extends Error {
  override readonly name = "LaterError";
  readonly ms: number;

  constructor(ms: number, why: string) {
    super(why);
    this.ms = ms;
  }
}

/**
 * Makes one intent so outside, or finds that it is so. May resolve to a decision that its outcome calls
 * for, which becomes durable together with the word that the effect is done.
 */
export type Perform = (effect: EffectRow) => Promise<((at: string) => Promise<Change>) | null>;

export interface Effects {
  /** Takes up what is not done yet. Resolves when every lane was looked at, not when all is done. */
  wake(): Promise<void>;
  /** Resolves when no effect that can be done now is left. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const pausesMs = [500, 2000, 10_000, 60_000, 300_000];
/** When the database itself fails. */
const blindMs = 5000;

/** Does what was decided, lane by lane, and again after a crash, until it is done. */
export function createEffects(deps: {
  store: SessionStore;
  ledger: Ledger;
  clock: Clock;
  perform: Perform;
  onTrouble(effect: EffectRow, problem: string): void;
}): Effects {
  const { store, ledger, clock } = deps;
  const lanes = new Map<string, Promise<void>>();
  const paused = new Map<string, () => void>();
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();
  let endRest = () => {};

  /** Never gives up: what was decided must not wait for the next decision. */
  async function look() {
    while (!stopped) {
      try {
        const pending = await store.pendingEffects();
        for (const lane of new Set(pending.map((effect) => effect.lane))) {
          if (!lanes.has(lane) && !paused.has(lane)) start(lane);
        }
        return;
      } catch (error) {
        console.error("What was decided could not be read:", error);
        await rest(blindMs);
      }
    }
  }

  function rest(ms: number) {
    return new Promise<void>((resolve) => {
      const cancel = clock.after(ms, resolve);
      endRest = () => {
        cancel();
        resolve();
      };
    });
  }

  function start(lane: string) {
    const turn = runLane(lane)
      .catch((error: unknown) => {
        // The database itself failed; the lane is taken up again.
        console.error("An effect could not be recorded:", error);
        pause(lane, blindMs);
      })
      .finally(() => lanes.delete(lane));
    lanes.set(lane, turn);
  }

  async function runLane(lane: string) {
    while (!stopped) {
      const [effect] = await store.pendingEffects(lane);
      if (!effect) return;
      if (!(await attempt(effect))) return;
    }
  }

  async function attempt(effect: EffectRow): Promise<boolean> {
    const around = (when: "before" | "after") => crashPoint(`${effect.intent.kind}:${when}` as CrashPoint);
    try {
      around("before");
      const decide = await deps.perform(effect);
      around("after");
      await ledger.write(async (at) => {
        const change = decide ? await decide(at) : {};
        return { change: { ...change, done: [...(change.done ?? []), effect.id] }, result: undefined };
      });
      return true;
    } catch (error) {
      if (error instanceof LaterError) {
        pause(effect.lane, error.ms);
        return false;
      }
      const problem = error instanceof Error ? error.message : String(error);
      await store.noteAttempt(effect.id, problem);
      deps.onTrouble({ ...effect, attempts: effect.attempts + 1 }, problem);
      pause(effect.lane, pausesMs[Math.min(effect.attempts, pausesMs.length - 1)] ?? 60_000);
      return false;
    }
  }

  function pause(lane: string, ms: number) {
    if (stopped) return;
    const cancel = clock.after(ms, () => {
      paused.delete(lane);
      if (!stopped && !lanes.has(lane)) start(lane);
    });
    paused.set(lane, cancel);
  }

  return {
    wake() {
      looking = looking.then(look);
      return looking;
    },
    async idle() {
      await looking;
      while (lanes.size > 0) {
        await Promise.all(lanes.values());
        await looking;
      }
    },
    async stop() {
      stopped = true;
      endRest();
      for (const cancel of paused.values()) cancel();
      await looking;
      await Promise.all(lanes.values());
    },
  };
}
