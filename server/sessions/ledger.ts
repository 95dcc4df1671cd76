import { setImmediate } from "node:timers/promises";
import type { Fact } from "#lib/contract/wire.ts";
import type { Clock } from "../ports.ts";
import type { Change, SessionStore } from "./ports.ts";

export interface Decision<Result> {
  readonly change: Change;
  readonly result: Result;
}

/** The one place where decisions become durable: read, decide and write happen one decision at a time. */
export interface Ledger {
  /**
   * `decide` sees what all earlier decisions wrote, and nothing is written between its reading and its
   * own change. It only reads the store: whatever is slow is done before.
   */
  write<Result>(decide: (at: string) => Promise<Decision<Result>>): Promise<Result>;
  /** `add` puts what follows from a decision, whatever it is about, into the same transaction. */
  enrich(add: (change: Change, at: string) => Promise<Change>): void;
  /** Committed facts, in order and without a gap. */
  onFacts(listener: (facts: Fact[]) => void): () => void;
  /** Every committed change; for what has to wake up by it. */
  onChange(listener: (change: Change) => void): () => void;
}

export function createLedger({ store, clock }: { store: SessionStore; clock: Clock }): Ledger {
  const factListeners = new Set<(facts: Fact[]) => void>();
  const changeListeners = new Set<(change: Change) => void>();
  let enrich = (change: Change, _at: string) => Promise.resolve(change);
  let last: Promise<unknown> = Promise.resolve();

  async function decideAndCommit<Result>(decide: (at: string) => Promise<Decision<Result>>) {
    const at = clock.now().toISOString();
    const { change: decided, result } = await decide(at);
    if (Object.keys(decided).length === 0) return result;
    const change = await enrich(decided, at);
    const facts = await store.commit(change, at);
    if (facts.length > 0) for (const listener of factListeners) tell(listener, facts);
    for (const listener of changeListeners) tell(listener, change);
    // Database calls never let timers and sockets have a turn.
    await setImmediate();
    return result;
  }

  return {
    write(decide) {
      const turn = last.then(
        () => decideAndCommit(decide),
        () => decideAndCommit(decide),
      );
      last = turn.catch(() => undefined);
      return turn;
    },
    enrich: (add) => void (enrich = add),
    onFacts: (listener) => subscribe(factListeners, listener),
    onChange: (listener) => subscribe(changeListeners, listener),
  };
}

export function subscribe<Value>(set: Set<Value>, value: Value): () => void {
  set.add(value);
  return () => set.delete(value);
}

/** A listener that throws must not turn a committed decision into a failed one. */
function tell<Value>(listener: (value: Value) => void, value: Value) {
  try {
    listener(value);
  } catch (error) {
    console.error("A listener failed:", error);
  }
}
